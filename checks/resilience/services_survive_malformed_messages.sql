-- claim: No service of the unit ends over a message that no specification allows.
-- remedy: Find what the service was sent in the exchange named (the transcript in the case holds it), bound every length it reads, and let it refuse what makes no sense.
-- source: EN 303 645 provision 5.13-1; TS 103 701 test case 5.13-1-2
-- needs: input_trial of unit from malformed
-- power: refutes
WITH judged AS (
	SELECT fact, subject, state,
	       iif(processed = 1 AND class IS NOT NULL, 'fail', 'inconclusive') AS verdict,
	       printf('%s on port %s: %s: %s', coalesce(protocol, '?'), coalesce(port, '?'), coalesce(place, '?'),
	              coalesce(detail, 'what came of it is not known')) AS detail
	FROM input_trial
	WHERE coalesce(class, 'malformed') = 'malformed' AND processed IS NOT 0)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       iif(complete = 1, 'after each malformed message its service answered again', 'not each service was sent every malformed message')
FROM looked
WHERE kind = 'input_trial' AND from_source = 'malformed'
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
