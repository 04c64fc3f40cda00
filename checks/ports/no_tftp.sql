-- claim: The product runs no TFTP server, which gives and takes files without a log-in and in clear.
-- remedy: Leave the TFTP server out of the firmware as shipped, or out of its start scripts; keep a rescue by TFTP in the boot loader behind physical access.
-- source: RFC 1350 section 7 (security considerations); TS 103 701 test case 5.5-1-2
-- needs: open_port of unit from tftp
-- needs: resource of unit from tftp
-- needs: boot_service of image from boot_services
-- needs: setting of image from settings
-- power: refutes
WITH judged AS (
	SELECT fact, subject, iif(status = 'open' AND service = 'tftp', 'fail', 'inconclusive') AS verdict,
	       printf('UDP port %s is %s: %s', coalesce(port, '?'), coalesce(status, 'perhaps open'),
	              coalesce(service, 'service not recognised')) AS detail
	FROM open_port
	WHERE status IS NOT 'closed' AND status IS NOT 'filtered' AND transport IS NOT 'tcp'
	  AND (service = 'tftp' OR (source IS 'tftp' AND service IS NULL))
	UNION ALL
	SELECT fact, subject, iif(needs_login = 0 AND protocol IS NOT NULL, 'fail', 'inconclusive'),
	       printf('TFTP gives %s to anyone: %s', coalesce(name, 'a file'), coalesce(detail, ''))
	FROM resource
	WHERE coalesce(protocol, 'tftp') = 'tftp' AND needs_login IS NOT 1 AND (protocol = 'tftp' OR source IS 'tftp')
	UNION ALL
	-- where a unit is under test, it decides whether the service really starts
	SELECT fact, subject,
	       iif(enabled = 1 AND protocol = 'tftp'
	           AND NOT EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit'),
	           'fail', 'inconclusive'),
	       printf('%s is %s at boot', coalesce(command, name, protocol, 'a service'), iif(enabled = 1, 'started', 'perhaps started'))
	FROM boot_service
	WHERE enabled IS NOT 0 AND (protocol = 'tftp' OR (protocol IS NULL AND coalesce(name, 'tftpd') LIKE '%tftpd%'))
	UNION ALL
	-- dnsmasq serves TFTP when it is told to
	SELECT fact, subject, 'inconclusive', 'dnsmasq is told to serve files by TFTP'
	FROM setting
	WHERE name IS NULL OR name = 'dnsmasq.enable-tftp')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for TFTP servers, found none'
FROM looked
WHERE ((kind = 'open_port' AND from_source = 'tftp') OR (kind = 'boot_service' AND from_source = 'boot_services') OR (kind = 'setting' AND from_source = 'settings'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
