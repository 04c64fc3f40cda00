-- claim: Pictures and sound of the unit travel encrypted, or in the clear only where the dossier says so.
-- remedy: Offer the stream over RTSPS with SRTP or inside HTTPS, and turn plain RTSP off; or declare the plain stream with its port in table 11-ComMech.
-- source: EN 303 645 provisions 5.5-1, 5.8-1 and 5.8-2; TS 103 701 test cases 5.5-1-2, 5.8-1-2 and 5.8-2-2
-- needs: resource of unit from onvif, rtsp
-- needs: open_port of unit from ports
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '11-ComMech'
	                          AND (entry IS NULL OR field IS NULL OR (code IS NULL AND field IN ('protocol', 'port'))))) AS is_clear),
-- what the dossier says of a port: 1 encrypted, 0 in the clear
declared AS (
	SELECT at.code AS port, min(kind.encrypted) AS least, max(kind.encrypted) AS most, count(*) = count(kind.encrypted) AS is_known
	FROM ixit AS at
	LEFT JOIN ixit AS protocol ON protocol.ixit_table = '11-ComMech' AND protocol.entry = at.entry AND protocol.field = 'protocol'
	LEFT JOIN reference_protocols AS kind ON kind.protocol = protocol.code
	WHERE at.ixit_table = '11-ComMech' AND at.field = 'port'
	GROUP BY at.code),
-- what is seen: 1 encrypted, 0 in the clear, NULL not known: a stream that asks for a log-in may not be described
stream AS (
	SELECT resource.fact, resource.subject, resource.state, resource.port, resource.protocol, resource.name,
	       CASE WHEN resource.protocol IS NULL OR resource.access IS NULL OR resource.port IS NULL THEN NULL
	            WHEN resource.protocol IN ('https', 'rtsps') THEN 1
	            WHEN resource.protocol NOT IN ('http', 'rtsp') OR resource.needs_login IS NULL OR detail IS NULL THEN NULL
	            WHEN max(coalesce(tls, 2)) = 2 OR min(tls) <> max(tls) THEN NULL
	            WHEN min(tls) = 1 THEN 1
	            WHEN resource.protocol = 'http' AND resource.needs_login = 0 THEN 0
	            WHEN instr(detail, 'RTP/AVP') > 0 THEN 0
	            WHEN instr(detail, 'RTP/SAVP') > 0 THEN 1 END AS encrypted,
	       coalesce(detail, '?') AS words
	FROM resource
	LEFT JOIN open_port ON open_port.subject = resource.subject AND open_port.port = resource.port
	                   AND open_port.state IS resource.state AND open_port.address IS resource.address
	                   AND open_port.transport IS NOT 'udp'
	WHERE coalesce(resource.access, 'stream') = 'stream' AND coalesce(resource.protocol, 'rtsp') IN ('http', 'https', 'rtsp', 'rtsps')
	  -- who was let in described it
	  AND NOT (resource.needs_login = 1 AND instr(detail, 'RTP/') = 0
	           AND EXISTS (SELECT other.fact FROM resource AS other
	                       WHERE other.subject = resource.subject AND other.port = resource.port AND resource.name IN (other.name, 'any path')
	                         AND other.protocol = resource.protocol AND other.state IS resource.state
	                         AND other.address IS resource.address AND instr(other.detail, 'RTP/') > 0))
	GROUP BY resource.fact),
judged AS (
	SELECT stream.fact, subject, state,
	       CASE WHEN encrypted = 1 THEN 'pass'
	            WHEN encrypted IS NULL OR is_clear = 0 OR is_known IS NOT 1 THEN 'inconclusive'
	            WHEN least = 0 THEN 'pass'
	            WHEN least = 1 AND most = 1 THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s %s on port %s: %s, %s', coalesce(stream.protocol, 'a stream'), coalesce(name, '?'), coalesce(stream.port, '?'),
	              CASE encrypted WHEN 1 THEN 'encrypted' WHEN 0 THEN 'in the clear' ELSE 'perhaps in the clear' END, words) AS detail
	FROM stream
	JOIN dossier
	LEFT JOIN declared ON declared.port = stream.port)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('the probe %s looked for streams, found none in the clear that is declared encrypted', from_source)
FROM looked
WHERE kind = 'resource' AND from_source IN ('onvif', 'rtsp')
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject IS looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
