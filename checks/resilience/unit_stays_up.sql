-- claim: The unit goes on answering whatever it is asked.
-- remedy: Find what the unit was sent in the last exchange before it stopped (the transcript in the case holds it), and make the service survive it.
-- source: EN 303 645 provision 5.13-1; TS 103 701 test case 5.13-1-2
-- needs: liveness of unit from liveness
-- power: refutes
WITH judged AS (
	-- a cable taken out looks the same: a person must look
	SELECT fact, subject, state, 'inconclusive' AS verdict,
	       printf('after the probe %s: %s%s', coalesce(after, 'not named'), coalesce(detail, 'it did not answer'),
	              coalesce('; last exchange ' || exchange, '')) AS detail
	FROM liveness
	WHERE alive IS NOT 1)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), iif(complete = 1, 'after each probe the unit''s open ports answered again', 'not known after each probe whether the unit answered')
FROM looked
WHERE kind = 'liveness' AND from_source = 'liveness'
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
