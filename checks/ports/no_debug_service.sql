-- claim: The product runs no service made for debugging or for a remote shell without protection.
-- remedy: Leave adbd, gdbserver, telnetd, serial-to-network bridges and other debugging services out of the firmware as shipped.
-- source: EN 303 645 provision 5.6-4; data/debug_services.tsv
-- needs: open_port of unit from ports, udp
-- needs: boot_service of image from boot_services
-- power: refutes
WITH judged AS (
	SELECT open_port.fact, subject,
	       iif(status = 'open' AND what IS NOT NULL, 'fail', 'inconclusive') AS verdict,
	       printf('port %s is %s: %s', coalesce(port, '?'), coalesce(status, 'perhaps open'),
	              coalesce(what, iif(service = 'tls', 'service under TLS not recognised', 'service not recognised'))) AS detail
	FROM open_port
	LEFT JOIN reference_debug_services ON name = service
	WHERE status IS NOT 'closed' AND status IS NOT 'filtered'
	  AND (what IS NOT NULL OR coalesce(service, 'unknown') IN ('unknown', 'tls'))
	UNION ALL
	-- where a unit is under test, it decides whether the service really starts
	SELECT boot_service.fact, boot_service.subject,
	       iif(enabled = 1 AND max(what) IS NOT NULL
	           AND NOT EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit'),
	           'fail', 'inconclusive'),
	       printf('%s is %s at boot: %s', coalesce(command, boot_service.name, protocol, 'a service'),
	              iif(enabled = 1, 'started', 'perhaps started'), coalesce(max(what), 'unknown'))
	FROM boot_service
	LEFT JOIN reference_debug_services AS known ON known.name IN (boot_service.name, protocol)
	WHERE enabled IS NOT 0 AND (what IS NOT NULL OR coalesce(protocol, boot_service.name) IS NULL)
	GROUP BY boot_service.fact)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for debugging services, found none'
FROM looked
WHERE ((kind = 'open_port' AND from_source IN ('ports', 'udp')) OR (kind = 'boot_service' AND from_source = 'boot_services'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
