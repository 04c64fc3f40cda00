-- claim: Every log-in found on the unit is declared in the dossier.
-- remedy: Remove the log-in, or add it to table 1-AuthMech with its protocol and port.
-- source: TS 103 701 test cases 5.1-1-2 and 5.1-5-2
-- needs: login_service of unit from http, ssh, telnet, ftp, onvif, rtsp, snmp, mqtt, coap, sip, dvrip
-- needs: ixit of dossier from dossier
-- power: decides
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '1-AuthMech'
	                          AND (entry IS NULL OR field IS NULL
	                               OR (code IS NULL AND field IN ('protocol', 'port'))))) AS is_clear),
declared AS (
	SELECT entry,
	       max(iif(field = 'protocol', code, NULL)) AS protocol,
	       max(iif(field = 'port', code, NULL)) AS port
	FROM ixit
	WHERE ixit_table = '1-AuthMech'
	GROUP BY entry),
judged AS (
	SELECT seen.fact, seen.subject, seen.state,
	       CASE WHEN seen.protocol IS NULL OR seen.port IS NULL THEN 'inconclusive'
	            WHEN EXISTS (SELECT declared.entry FROM declared
	                         WHERE declared.protocol = seen.protocol AND declared.port + 0 = seen.port) THEN 'pass'
	            WHEN is_clear = 0
	              OR coalesce(scheme, 'key') IN ('key', 'publickey', 'certificate')
	              -- a page whose scripts may ask, or may not
	              OR (scheme = 'none' AND protocol IN ('http', 'https'))
	              -- the same port under another name, or the same protocol without a port
	              OR EXISTS (SELECT declared.entry FROM declared
	                         WHERE declared.port + 0 = seen.port
	                            OR (declared.port IS NULL AND declared.protocol = seen.protocol)) THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s log-in (%s) on port %s', coalesce(seen.protocol, 'unknown'), coalesce(scheme, 'unknown scheme'),
	              coalesce(seen.port, '?')) AS detail
	FROM login_service AS seen
	JOIN dossier
	-- a web server or a stream that asks nobody has no log-in; a shell that asks nobody is one
	WHERE NOT (scheme IS 'none' AND recognised IS 1 AND protocol IS NOT NULL AND protocol IN ('http', 'https')))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND is_clear = 1, 'pass', 'inconclusive'),
       CASE WHEN looked.count > 0 THEN printf('the probe %s found log-ins: %d', from_source, looked.count)
            WHEN looked.count = 0 THEN printf('the probe %s found no log-in', from_source) ELSE printf('not known which log-ins the probe %s found', from_source) END
FROM looked
JOIN dossier
WHERE kind = 'login_service'
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
