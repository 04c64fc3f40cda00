-- claim: Nothing that changes the unit's security settings, or opens them, answers over the network without a log-in.
-- remedy: Ask for a log-in before every request that changes settings or gives out a configuration, in each state of the unit.
-- source: EN 303 645 provision 5.5-5; TS 103 701 test case 5.5-5-2
-- needs: resource of unit from http, ftp, tftp, onvif, rtsp, upnp, snmp, mqtt, coap
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
       CASE WHEN tried > 0 THEN printf('the probe %s asked at so many places: %d', coalesce(from_source, 'not named'), tried)
            WHEN tried = 0 THEN printf('the probe %s had nothing to ask at', coalesce(from_source, 'not named'))
            ELSE printf('the probe %s looked for what answers without a log-in', coalesce(from_source, 'not named')) END
FROM looked
WHERE kind = 'resource'
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
