-- claim: A user of low rights cannot do on the unit what belongs to its owner.
-- remedy: Check the rights of the user before every function that configures, changes or debugs the unit.
-- source: TS 103 701 test cases 5.5-4-2 and 5.5-5-2
-- needs: access_trial of unit from access
-- needs: ixit of dossier from dossier
-- power: decides
WITH users AS (
	-- one account only, by the dossier: nobody of low rights could be tried, if that is so
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '1-AuthMech'
	                          AND (entry IS NULL OR field IS NULL OR (field = 'user' AND (code IS NULL OR instr(code, ',') > 0)))))
	   AND 1 = (SELECT count(DISTINCT code) FROM ixit
	            WHERE ixit_table = '1-AuthMech' AND field = 'user') AS one),
judged AS (
	SELECT trial.fact, trial.subject, trial.state,
	       CASE WHEN trial.allowed = 0 OR trial.access IN ('read', 'stream') THEN 'pass'
	            WHEN trial.allowed IS NULL OR trial.access IS NULL THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s %s on port %s (%s): %s', coalesce(trial.protocol, '?'), coalesce(trial.function, '?'), coalesce(trial.port, '?'),
	              coalesce(trial.access, '?'),
	              CASE trial.allowed WHEN 0 THEN 'refused' WHEN 1 THEN 'allowed to a user of low rights' ELSE 'not known' END) AS detail
	FROM access_trial AS trial
	WHERE trial.role = 'low'
	UNION ALL
	SELECT trial.fact, trial.subject, trial.state, 'inconclusive', 'allowed, in a role not known'
	FROM access_trial AS trial
	WHERE trial.role IS NULL AND trial.allowed IS NOT 0)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact,
       iif(complete = 1 AND ((looked.count = 0 AND has_login = 0)
                             OR EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject)),
           'pass', 'inconclusive'),
       CASE WHEN users.one = 1 AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject)
            THEN 'the dossier names one account only, and nobody of low rights was tried'
            WHEN looked.count > 0 THEN printf('functions asked for, in every role: %d', looked.count)
            WHEN looked.count = 0 THEN 'no function was asked for' || iif(has_login = 1, ', though the dossier may name a log-in', '')
            ELSE 'not known which functions were asked for' END
FROM looked
JOIN users
JOIN declared_login
WHERE kind = 'access_trial' AND from_source = 'access'
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
