-- claim: A user and password that nobody can have open nothing on the unit.
-- remedy: Check user and password before every function, not only on the page that asks for them.
-- source: TS 103 701 test cases 5.5-4-2 and 5.5-5-2
-- needs: access_trial of unit from access
-- power: decides
WITH judged AS (
	SELECT trial.fact, trial.subject, trial.state,
	       CASE trial.allowed WHEN 0 THEN 'pass' WHEN 1 THEN 'fail' ELSE 'inconclusive' END AS verdict,
	       printf('%s %s on port %s: %s', coalesce(trial.protocol, '?'), coalesce(trial.function, '?'), coalesce(trial.port, '?'),
	              CASE trial.allowed WHEN 0 THEN 'refused' WHEN 1 THEN 'allowed with wrong credentials' ELSE 'perhaps allowed' END) AS detail
	FROM access_trial AS trial
	WHERE trial.role = 'wrong'
	UNION ALL
	SELECT trial.fact, trial.subject, trial.state, 'inconclusive', 'allowed, in a role not known'
	FROM access_trial AS trial
	WHERE trial.role IS NULL AND trial.allowed IS NOT 0)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), printf('%s trials', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'access_trial' AND from_source = 'access'
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
