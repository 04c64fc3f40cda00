-- claim: A refused log-in does not tell whether the user exists.
-- remedy: Answer a wrong user and a wrong password with the same words, the same status and after the same time.
-- source: TS 103 701 test case 5.6-2-2
-- needs: login_attempt of unit from default_passwords
-- needs: disclosure of unit from access
-- power: refutes
WITH judged AS (
	SELECT attempt.fact, attempt.subject, attempt.state,
	       -- said to every user alike it tells nothing
	       CASE WHEN EXISTS (SELECT other.fact FROM login_attempt AS other
	                         WHERE other.subject = attempt.subject AND other.protocol = attempt.protocol
	                           AND other.port = attempt.port AND other.accepted = 0
	                           AND other.error_text_class IN ('generic', 'names_user', 'names_password')
	                           AND other.error_text_class <> attempt.error_text_class
	                           -- later words may be those of a lock
	                           AND (other.control = 1 OR attempt.error_text_class = 'names_user'
	                                OR other.error_text_class <> 'generic')) THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s on port %s: the refusal of %s %s', coalesce(attempt.protocol, 'log-in'), coalesce(attempt.port, '?'),
	              coalesce(attempt.user, '?'), replace(attempt.error_text_class, '_', ' the ')) AS detail
	FROM login_attempt AS attempt
	WHERE attempt.error_text_class IN ('names_user', 'names_password') AND attempt.accepted = 0
	UNION ALL
	SELECT told.fact, told.subject, told.state, iif(told.type = 'user_enumeration', 'fail', 'inconclusive'),
	       printf('%s on port %s: %s', coalesce(told.protocol, 'log-in'), coalesce(told.port, '?'), coalesce(told.value, '?'))
	FROM disclosure AS told
	WHERE coalesce(told.source, 'access') = 'access' AND coalesce(told.type, 'user_enumeration') = 'user_enumeration')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), iif(kind = 'login_attempt', 'the refusals of the pairs tried were compared, none names the user or the password',
           'refusals of a known and of an unknown user were compared, none differs')
FROM looked
WHERE ((kind = 'login_attempt' AND from_source = 'default_passwords') OR (kind = 'disclosure' AND from_source = 'access'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
