-- claim: The unit takes no empty password, and in the factory state not the one it came with.
-- remedy: Refuse an empty password wherever one is set, and at the first use the password of the factory.
-- source: EN 303 645 provision 5.1-1; TS 103 701 test case 5.1-1-2
-- needs: password_trial of unit from credential_changes
-- power: refutes
WITH judged AS (
	SELECT fact, subject, state,
	       CASE WHEN variant IS NULL OR accepted IS NULL OR state IS NULL THEN 'inconclusive'
	            WHEN accepted = 0 THEN 'pass'
	            WHEN variant = 'empty' THEN 'fail'
	            -- kept at the first use: whether the user had to choose is another question
	            WHEN variant = 'unchanged' AND state = 'factory_default' THEN 'inconclusive'
	            -- the standard has no rule for these
	            ELSE 'pass' END AS verdict,
	       printf('%s: a password of %s, %s characters, %s', coalesce(protocol, 'log-in'),
	              coalesce('kind "' || variant || '"', 'unknown kind'), coalesce(password_trial.length, 'so many'),
	              CASE accepted WHEN 1 THEN 'taken' WHEN 0 THEN 'refused' ELSE 'perhaps taken' END) AS detail
	FROM password_trial)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND looked.count > 0, 'pass', 'inconclusive'),
       CASE WHEN looked.count > 0 THEN printf('passwords that the unit was asked to take: %d', looked.count)
            WHEN looked.count = 0 THEN 'the unit was asked to take no password' ELSE 'not known which passwords the unit was asked to take' END
FROM looked
WHERE kind = 'password_trial'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
