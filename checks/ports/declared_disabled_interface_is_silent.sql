-- claim: Every network port the dossier declares disabled is silent on the unit.
-- remedy: Turn the service off in the firmware as shipped, or declare the port enabled in table 15-Intf with the reason why it is needed.
-- source: TS 103 701 test case 5.6-1-2
-- needs: open_port of unit from ports, udp
-- needs: ixit of dossier from dossier
-- power: decides
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '15-Intf'
	                          AND (entry IS NULL OR field IS NULL
	                               OR (code IS NULL AND field IN ('type', 'port', 'status'))))) AS is_clear),
declared AS (
	SELECT at.entry, at.code AS port, type.code AS type, status.code AS status
	FROM ixit AS at
	LEFT JOIN ixit AS type ON type.ixit_table = '15-Intf' AND type.entry = at.entry AND type.field = 'type'
	LEFT JOIN ixit AS status ON status.ixit_table = '15-Intf' AND status.entry = at.entry AND status.field = 'status'
	WHERE at.ixit_table = '15-Intf' AND at.field = 'port'),
judged AS (
	SELECT open_port.fact, open_port.subject, open_port.state,
	       CASE WHEN open_port.status IS NULL OR max(declared.type IS NULL OR transport IS NULL) = 1
	              OR max(declared.status IS NOT 'disabled') = 1 THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s port %s is %s, declared disabled', coalesce(transport, '?'), open_port.port,
	              coalesce(open_port.status, 'perhaps open')) AS detail
	FROM open_port
	JOIN declared ON declared.port = open_port.port
	             AND coalesce(declared.type, transport) IS coalesce(transport, declared.type)
	WHERE open_port.status IS NOT 'closed' AND open_port.status IS NOT 'filtered'
	GROUP BY open_port.fact
	HAVING max(coalesce(declared.status, 'disabled') = 'disabled') = 1
	UNION ALL
	SELECT open_port.fact, open_port.subject, open_port.state, 'inconclusive', 'a port whose number is not known'
	FROM open_port
	WHERE open_port.port IS NULL)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact,
       CASE WHEN complete IS NOT 1 OR is_clear = 0 THEN 'inconclusive'
            -- a UDP port that says nothing may still listen
            WHEN EXISTS (SELECT declared.entry FROM declared
                         WHERE declared.status = 'disabled' AND declared.type = 'udp'
                           AND NOT EXISTS (SELECT shut.fact FROM open_port AS shut
                                           WHERE shut.subject = looked.subject AND shut.port = declared.port
                                             AND shut.transport = 'udp' AND shut.status = 'closed')) THEN 'inconclusive'
            ELSE 'pass' END,
       printf('%d ports declared disabled, none of them open',
              (SELECT count(*) FROM declared WHERE declared.status = 'disabled'))
FROM looked
JOIN dossier
WHERE kind = 'open_port' AND from_source IN ('ports', 'udp')
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
