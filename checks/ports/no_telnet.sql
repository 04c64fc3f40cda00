-- claim: The product offers no Telnet, which carries passwords in clear.
-- remedy: Remove telnetd from the firmware and from its start scripts. If a remote shell is needed, offer SSH with keys, off by default.
-- source: RFC 854; BSI TR-02102-4; TS 103 701 test cases 5.1-3-2 and 5.5-1-2
-- needs: open_port of unit from ports
-- needs: login_service of unit from telnet
-- needs: boot_service of image from boot_services
-- power: refutes
WITH judged AS (
	SELECT fact, subject,
	       iif(status = 'open' AND service = 'telnet' AND tls = 0, 'fail', 'inconclusive') AS verdict,
	       printf('port %s is %s: %s', coalesce(port, '?'), coalesce(status, 'perhaps open'),
	              coalesce(service, 'service not recognised')) AS detail
	FROM open_port
	WHERE status IS NOT 'closed' AND status IS NOT 'filtered' AND transport IS NOT 'udp'
	  AND tls IS NOT 1 AND (service = 'telnet' OR service IS NULL OR (service = 'unknown' AND coalesce(port, 23) = 23))
	UNION ALL
	SELECT fact, subject, iif(encrypted = 0 AND protocol = 'telnet', 'fail', 'inconclusive'),
	       printf('log-in by %s on port %s', coalesce(protocol, 'an unknown protocol'), coalesce(port, '?'))
	FROM login_service
	WHERE coalesce(protocol, 'telnet') = 'telnet' AND encrypted IS NOT 1
	UNION ALL
	-- where a unit is under test, it decides whether the service really starts
	SELECT fact, subject,
	       iif(enabled = 1 AND coalesce(protocol, name) IS NOT NULL
	           AND NOT EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit'),
	           'fail', 'inconclusive'),
	       printf('%s is %s at boot', coalesce(command, name, protocol, 'a service'), iif(enabled = 1, 'started', 'perhaps started'))
	FROM boot_service
	WHERE enabled IS NOT 0 AND (protocol = 'telnet' OR name LIKE '%telnetd' OR coalesce(protocol, name) IS NULL))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for Telnet, found none'
FROM looked
WHERE ((kind = 'open_port' AND from_source = 'ports') OR (kind = 'boot_service' AND from_source = 'boot_services'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
