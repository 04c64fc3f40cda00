-- claim: A user and password that nobody can have open nothing on the unit.
-- remedy: Check user and password before every function, not only on the page that asks for them.
-- source: TS 103 701 test cases 5.5-4-2 and 5.5-5-2
-- needs: access_trial of unit from access
-- needs: ixit of dossier from dossier
-- power: decides
WITH open AS (
	-- what nobody has to log in for is the matter of the checks that ask without a log-in
	SELECT subject, address, port, protocol, state, function, allowed
	FROM access_trial
	WHERE coalesce(role, 'none') = 'none' AND allowed IS NOT 0),
judged AS (
	SELECT trial.fact, trial.subject, trial.state,
	       -- refused is everybody, perhaps, where nobody is known to be let in
	       CASE WHEN trial.allowed = 0
	            THEN iif(EXISTS (SELECT owner.fact FROM access_trial AS owner
	                             WHERE owner.role = 'right' AND owner.allowed = 1 AND owner.subject = trial.subject
	                               AND owner.address IS trial.address AND owner.port IS trial.port
	                               AND owner.protocol IS trial.protocol AND owner.state IS trial.state),
	                     'pass', 'inconclusive')
	            WHEN trial.allowed IS NULL THEN 'inconclusive'
	            -- open to everybody, perhaps
	            WHEN EXISTS (SELECT open.subject FROM open
	                         WHERE coalesce(open.subject, trial.subject) IS coalesce(trial.subject, open.subject)
	                           AND coalesce(open.port, trial.port) IS coalesce(trial.port, open.port)
	                           AND coalesce(open.address, trial.address) IS coalesce(trial.address, open.address)
	                           AND coalesce(open.protocol, trial.protocol) IS coalesce(trial.protocol, open.protocol)
	                           AND coalesce(open.state, trial.state) IS coalesce(trial.state, open.state)
	                           AND coalesce(open.function, trial.function) IS coalesce(trial.function, open.function)) THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s %s on port %s: %s', coalesce(trial.protocol, '?'), coalesce(trial.function, '?'), coalesce(trial.port, '?'),
	              CASE trial.allowed WHEN 0 THEN 'refused' WHEN 1 THEN 'allowed with wrong credentials' ELSE 'perhaps allowed' END) AS detail
	FROM access_trial AS trial
	WHERE trial.role = 'wrong'
	  AND NOT (coalesce(trial.allowed, 0) = 1
	           AND EXISTS (SELECT everybody.fact FROM access_trial AS everybody
	                       WHERE everybody.role = 'none' AND everybody.allowed = 1 AND everybody.subject = trial.subject
	                         AND everybody.address IS trial.address AND everybody.port = trial.port
	                         AND everybody.protocol = trial.protocol AND everybody.state IS trial.state
	                         AND everybody.function = trial.function))
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
       CASE WHEN looked.count > 0 THEN printf('functions asked for, in every role: %d', looked.count)
            WHEN looked.count = 0 THEN 'no function was asked for' || iif(has_login = 1, ', though the dossier may name a log-in', '')
            ELSE 'not known which functions were asked for' END
FROM looked
JOIN declared_login
WHERE kind = 'access_trial' AND from_source = 'access'
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
