-- claim: No function of the set-up unit that matters answers over the network without a log-in.
-- remedy: Ask for a log-in before pictures, settings, configurations and debug pages; what is meant for everybody is declared in table 1-AuthMech with authentication factor "none", its protocol and port.
-- source: EN 303 645 provision 5.5-4; TS 103 701 test case 5.5-4-2
-- needs: resource of unit from http, ftp, tftp, onvif, rtsp, upnp, snmp, mqtt, coap
-- needs: ixit of dossier from dossier
-- power: decides
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '1-AuthMech'
	                          AND (entry IS NULL OR field IS NULL
	                               OR (code IS NULL AND field IN ('protocol', 'port', 'authentication_factor'))))) AS is_clear),
public AS (
	SELECT entry,
	       max(iif(field = 'port', code, NULL)) AS port,
	       max(iif(field = 'authentication_factor', code, NULL)) AS factor
	FROM ixit
	WHERE ixit_table = '1-AuthMech'
	GROUP BY entry),
judged AS (
	SELECT asked.fact, asked.subject, asked.state,
	       CASE WHEN needs_login = 1 THEN 'pass'
	            WHEN needs_login IS NULL OR asked.access IS NULL OR asked.state IS NULL OR is_clear = 0
	              OR asked.access NOT IN ('write', 'configure', 'stream', 'debug')
	              -- declared open, or an entry that may be about this port
	              OR EXISTS (SELECT public.entry FROM public
	                         WHERE public.factor = 'none' AND (public.port IS NULL OR public.port + 0 = coalesce(asked.port, public.port + 0)))
	            THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s %s on port %s (%s): %s', coalesce(asked.protocol, '?'), coalesce(asked.name, '?'), coalesce(asked.port, '?'),
	              coalesce(asked.access, '?'),
	              CASE needs_login WHEN 1 THEN 'asks for a log-in' WHEN 0 THEN 'answers anybody' ELSE 'not known' END) AS detail
	FROM resource AS asked
	JOIN dossier
	-- before it is set up nobody can log in
	WHERE coalesce(asked.state, 'initialised') = 'initialised')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND looked.state = 'initialised', 'pass', 'inconclusive'),
       CASE WHEN tried > 0 THEN printf('the probe %s asked at so many places: %d', coalesce(from_source, 'not named'), tried)
            WHEN tried = 0 THEN printf('the probe %s had nothing to ask at', coalesce(from_source, 'not named'))
            ELSE printf('the probe %s looked for what answers without a log-in', coalesce(from_source, 'not named')) END
FROM looked
WHERE kind = 'resource' AND coalesce(looked.state, 'initialised') = 'initialised'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
