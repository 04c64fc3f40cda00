-- claim: The unit's owner gets what belongs to the owner, with the credentials of the owner.
-- remedy: Let the owner's credentials open every function that is offered behind the log-in.
-- source: TS 103 701 test cases 5.5-4-2 and 5.5-5-2
-- needs: access_trial of unit from access
-- needs: ixit of dossier from dossier
-- power: decides
WITH named AS (
	-- a log-in that a network leads to stands in the dossier, or may
	SELECT EXISTS (SELECT ixit.fact FROM ixit
	               WHERE ixit_table IS NULL
	                  OR (ixit_table = '1-AuthMech'
	                      AND (field IS NULL OR field = 'port' OR (field = 'protocol' AND code IS NOT 'physical'))))
	    OR NOT EXISTS (SELECT looked.fact FROM looked
	                   WHERE looked.kind = 'ixit' AND looked.complete = 1) AS has_login),
judged AS (
	SELECT trial.fact, trial.subject, trial.state,
	       CASE WHEN trial.allowed = 1 THEN 'pass'
	            -- refused at the log-in itself (which is told in no words), the pair may be the wrong one: a question;
            -- let in there, and refused what belongs to the owner, it is not
	            WHEN trial.allowed = 0 AND trial.detail IS NOT NULL
	             AND EXISTS (SELECT other.fact FROM access_trial AS other
	                         WHERE other.role = 'right' AND other.allowed = 1 AND other.subject = trial.subject
	                           AND other.protocol = trial.protocol AND other.port = trial.port
	                           AND other.function <> trial.function AND other.state = trial.state) THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s %s on port %s: %s', coalesce(trial.protocol, '?'), coalesce(trial.function, '?'), coalesce(trial.port, '?'),
	              CASE trial.allowed WHEN 0 THEN iif(trial.detail IS NULL, 'the pair that the laboratory has is refused', 'refused to its owner')
	                                WHEN 1 THEN 'allowed' ELSE 'not known' END) AS detail
	FROM access_trial AS trial
	WHERE trial.role = 'right'
	UNION ALL
	SELECT trial.fact, trial.subject, trial.state, 'inconclusive', 'refused, in a role not known'
	FROM access_trial AS trial
	WHERE trial.role IS NULL AND trial.allowed IS NOT 1)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact,
       iif(complete = 1 AND ((looked.count = 0 AND has_login = 0)
                             OR EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject)),
           'pass', 'inconclusive'),
       CASE WHEN looked.count > 0 THEN printf('functions asked for, in every role: %d', looked.count)
            WHEN looked.count = 0 THEN 'no function was asked for' || iif(has_login = 1, ', though the dossier may name a log-in', '')
            ELSE 'not known which functions were asked for' END
FROM looked
JOIN named
WHERE kind = 'access_trial' AND from_source = 'access'
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
