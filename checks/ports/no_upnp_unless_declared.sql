-- claim: The product opens no UPnP service that the dossier does not declare.
-- remedy: Turn UPnP off in the firmware as shipped, or declare it in tables 13-SoftServ and 15-Intf with the function that needs it.
-- source: EN 303 645 provision 5.6-1; TS 103 701 test cases 5.6-1-2 and 5.5-5-2
-- needs: boot_service of image from boot_services
-- needs: open_port of unit from upnp
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   -- an entry that may be about UPnP
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL OR entry IS NULL OR field IS NULL
	                      OR (code IS NULL AND field IN ('port', 'protocol', 'status'))) AS is_clear,
	       EXISTS (SELECT about.fact FROM ixit AS about
	               WHERE about.ixit_table IN ('11-ComMech', '13-SoftServ', '15-Intf')
	                 AND (lower(about.entry) LIKE '%upnp%' OR lower(about.entry) LIKE '%ssdp%' OR lower(about.entry) LIKE '%igd%'
	                      OR lower(about.entry) LIKE '%dlna%'
	                      OR lower(about.value) LIKE '%upnp%' OR lower(about.value) LIKE '%ssdp%' OR lower(about.value) LIKE '%dlna%'
	                      OR (about.field = 'protocol' AND lower(about.code) IN ('upnp', 'ssdp', 'dlna'))
	                      OR (about.field = 'port' AND about.code = '1900'))) AS is_declared),
judged AS (
	SELECT boot_service.fact, boot_service.subject,
	       CASE WHEN protocol IS NULL OR is_clear = 0 THEN 'inconclusive'
	            WHEN is_declared = 1 THEN 'pass'
	            -- where a unit is under test, it decides whether the service really starts
	            WHEN enabled = 1
	             AND NOT EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit') THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s is %s at boot, %s', coalesce(command, boot_service.name, 'a service'),
	              iif(enabled = 1, 'started', 'perhaps started'), iif(is_declared, 'UPnP is declared', 'UPnP is not declared')) AS detail
	FROM boot_service
	JOIN dossier
	WHERE enabled IS NOT 0 AND (protocol IN ('upnp', 'dlna')
	                               OR (protocol IS NULL AND (coalesce(boot_service.name, 'upnpd') LIKE '%upnp%' OR boot_service.name LIKE '%dlna%')))
	UNION ALL
	-- what answered on the unit, whoever asked it
	SELECT open_port.fact, open_port.subject,
	       CASE WHEN open_port.transport IS NULL OR open_port.status IS NULL OR open_port.service IS NULL OR is_clear = 0 THEN 'inconclusive'
	            WHEN is_declared = 1 THEN 'pass'
	            ELSE 'fail' END,
	       printf('%s answers on port %s, %s', coalesce(service, 'something'), coalesce(open_port.port, '?'),
	              iif(is_declared, 'UPnP is declared', 'UPnP is not declared'))
	FROM open_port
	JOIN dossier
	WHERE coalesce(open_port.status, 'open') = 'open' AND coalesce(open_port.transport, 'udp') = 'udp'
	  AND (open_port.service IN ('ssdp', 'upnp') OR (open_port.service IS NULL AND coalesce(open_port.port, 1900) = 1900)))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for UPnP that is not declared, found none'
FROM looked
WHERE ((kind = 'boot_service' AND from_source = 'boot_services') OR (kind = 'open_port' AND from_source = 'upnp'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
