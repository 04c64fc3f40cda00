-- claim: Services that only the product itself uses do not listen on the network.
-- remedy: Bind databases, message buses and management sockets to 127.0.0.1, ::1 or a local socket.
-- source: TS 103 701 test case 5.6-5-1; data/local_services.tsv
-- needs: boot_service of image from boot_services
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '15-Intf' AND (entry IS NULL OR field IS NULL
	                                                      OR (code IS NULL AND field = 'port')))) AS is_clear),
judged AS (
	SELECT boot_service.fact, boot_service.subject,
	       CASE WHEN listen_address LIKE '127.%' OR listen_address IN ('::1', '[::1]', 'localhost') THEN 'pass'
	            WHEN boot_service.enabled IS NOT 1 OR listen_address IS NULL OR listen_port IS NULL OR is_clear = 0
	              OR boot_service.name IS NULL
	              OR listen_address NOT IN ('0.0.0.0', '::', '[::]', '*')
	              -- declared as an interface: then it is meant to be there
	              OR EXISTS (SELECT at.fact FROM ixit AS at
	                         WHERE at.ixit_table = '15-Intf' AND at.field = 'port' AND at.code = listen_port)
	              OR EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit')
	            THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s listens on %s port %s: %s', coalesce(boot_service.name, 'a service'), coalesce(listen_address, '?'),
	              coalesce(listen_port, '?'), coalesce(use, 'unknown')) AS detail
	FROM boot_service
	JOIN dossier
	LEFT JOIN reference_local_services AS known ON known.name = boot_service.name
	WHERE boot_service.enabled IS NOT 0 AND (known.name IS NOT NULL
	                                         OR (boot_service.name IS NULL AND coalesce(protocol, 'redis') IN ('redis', 'mysql', 'zebra', 'rpc', 'ipp'))))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for local services on the network, found none'
FROM looked
WHERE kind = 'boot_service' AND from_source = 'boot_services'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
