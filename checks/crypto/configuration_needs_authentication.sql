-- claim: Nothing that changes the unit's security settings, or opens them, answers over the network without a log-in.
-- remedy: Ask for a log-in before every request that changes settings or gives out a configuration, in each state of the unit.
-- source: EN 303 645 provision 5.5-5; TS 103 701 test case 5.5-5-2
-- needs: resource of unit from http
-- power: decides
WITH judged AS (
	SELECT asked.fact, asked.subject, asked.state,
	       CASE WHEN needs_login = 1 THEN 'pass'
	            -- while it is being set up, who may do so is for a person to see
	            WHEN needs_login IS NULL OR asked.access IS NULL OR asked.access = 'debug'
	              OR asked.state IS NOT 'initialised' THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s %s on port %s (%s): %s', coalesce(asked.protocol, '?'), coalesce(asked.name, '?'), coalesce(asked.port, '?'),
	              coalesce(asked.access, '?'),
	              CASE needs_login WHEN 1 THEN 'asks for a log-in' WHEN 0 THEN 'answers anybody' ELSE 'not known' END) AS detail
	FROM resource AS asked
	WHERE asked.access IS NULL OR asked.access IN ('write', 'configure', 'debug'))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('%s paths tried by %s', coalesce(tried, '?'), coalesce(from_source, '?'))
FROM looked
WHERE kind = 'resource'
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
