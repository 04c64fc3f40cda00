-- claim: No factory password of the unit stands in lists of default passwords.
-- remedy: Draw each password at random in the factory, long enough, of letters and digits.
-- source: EN 303 645 provision 5.1-2; TS 103 701 test case 5.1-2-2; data/default_pairs.tsv
-- needs: login_attempt of unit from first_use
-- power: refutes
WITH listed AS (SELECT DISTINCT lower(password) AS word FROM reference_default_pairs),
judged AS (
	SELECT seen.fact, seen.subject, seen.state,
	       CASE WHEN seen.accepted IS NULL OR seen.control IS NULL OR seen.state IS NULL OR seen.password IS NULL THEN 'inconclusive'
	            -- it opens the log-in only to be replaced
	            WHEN forced_change = 1 THEN 'pass'
	            WHEN lower(seen.password) IN (SELECT listed.word FROM listed) THEN iif(forced_change = 0, 'fail', 'inconclusive')
	            ELSE 'pass' END AS verdict,
	       printf('%s on port %s: %s with %s…', coalesce(seen.protocol, 'log-in'), coalesce(seen.port, '?'), coalesce(seen.user, '?'),
	              coalesce(substr(seen.password, 1, 2), '?')) AS detail
	FROM login_attempt AS seen
	WHERE seen.accepted IS NOT 0 AND seen.control IS NOT 1
	  AND coalesce(seen.state, 'factory_default') = 'factory_default')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND looked.state = 'factory_default', 'pass', 'inconclusive'),
       CASE WHEN looked.count > 0 THEN printf('log-ins tried in the factory state: %d, no password of a list', looked.count)
            WHEN looked.count = 0 THEN 'no log-in was tried in the factory state' ELSE 'not known which log-ins were tried in the factory state' END
FROM looked
WHERE kind = 'login_attempt' AND from_source = 'first_use' AND coalesce(looked.state, 'factory_default') = 'factory_default'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
