-- claim: Every TCP port that is open on the unit, and every UDP service that answered a known question, is declared as an enabled interface in the dossier.
-- remedy: Close the port, or add it to table 15-Intf with its type, port, status "enabled" and the reason why it is needed.
-- source: TS 103 701 test case 5.6-1-2
-- needs: open_port of unit from ports, udp
-- needs: ixit of dossier from dossier
-- power: decides
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   -- an entry that may be about any port
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '15-Intf'
	                          AND (entry IS NULL OR field IS NULL
	                               OR (code IS NULL AND field IN ('type', 'port', 'status'))
	                               OR (field = 'type' AND code IN ('tcp', 'udp')
	                                   AND NOT EXISTS (SELECT at.fact FROM ixit AS at
	                                                   WHERE at.ixit_table = '15-Intf' AND at.entry = ixit.entry
	                                                     AND at.field = 'port'))))) AS is_clear),
declared AS (
	SELECT at.code AS port, type.code AS type, status.code AS status
	FROM ixit AS at
	LEFT JOIN ixit AS type ON type.ixit_table = '15-Intf' AND type.entry = at.entry AND type.field = 'type'
	LEFT JOIN ixit AS status ON status.ixit_table = '15-Intf' AND status.entry = at.entry AND status.field = 'status'
	WHERE at.ixit_table = '15-Intf' AND at.field = 'port'),
judged AS (
	SELECT open_port.fact, open_port.subject, open_port.state,
	       CASE WHEN open_port.status IS NULL OR open_port.port IS NULL OR transport IS NULL THEN 'inconclusive'
	            WHEN max(declared.type = transport AND declared.status = 'enabled') = 1 THEN 'pass'
	            WHEN is_clear = 0 OR max(declared.port IS NOT NULL AND (type IS NULL OR declared.status IS NULL)) = 1
	            THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s port %s (%s): %s', coalesce(transport, '?'), coalesce(open_port.port, '?'),
	              coalesce(service, 'service not recognised'),
	              CASE WHEN open_port.status IS NULL THEN 'perhaps open'
	                   WHEN count(declared.port) = 0 THEN 'not declared'
	                   ELSE 'declared ' || coalesce(min(declared.status), 'without status') END) AS detail
	FROM open_port
	JOIN dossier
	LEFT JOIN declared ON declared.port = open_port.port AND coalesce(declared.type, transport) = transport
	WHERE open_port.status IS NOT 'closed' AND open_port.status IS NOT 'filtered'
	GROUP BY open_port.fact)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact,
       iif(complete = 1 AND is_clear = 1
           AND EXISTS (SELECT udp.fact FROM looked AS udp
                       WHERE udp.kind = 'open_port' AND udp.from_source = 'udp' AND udp.complete = 1
                         AND udp.subject = looked.subject AND udp.state IS looked.state), 'pass', 'inconclusive'),
       CASE WHEN from_source = 'udp' THEN 'not every UDP service was asked'
            ELSE printf('%s, and %s asked', iif(looked.tried = 65535, 'all TCP ports', coalesce(looked.tried || ' TCP ports', 'TCP ports')),
                        coalesce((SELECT max(udp.tried) || ' UDP services' FROM looked AS udp
                                  WHERE udp.kind = 'open_port' AND udp.from_source = 'udp' AND udp.subject = looked.subject
                                    AND udp.state IS looked.state), 'UDP services')) END
FROM looked
JOIN dossier
-- of UDP only those are asked whose questions are known: what did not answer proves nothing
WHERE kind = 'open_port' AND (from_source = 'ports' OR (from_source = 'udp' AND complete IS NOT 1))
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
