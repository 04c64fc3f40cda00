-- claim: Network services of the product run with no more rights than they need.
-- remedy: Give each network service an account of its own (User= in the unit, start-stop-daemon --chuid, procd_set_param user, or its own setting) and the few capabilities it needs.
-- source: EN 303 645 provision 5.6-7; TS 103 701 test case 5.6-7-1
-- needs: boot_service of image from boot_services
-- needs: file of image from unpack
-- needs: ics of dossier from dossier
-- power: refutes
WITH claimed AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ics' AND looked.complete = 1)
	   AND EXISTS (SELECT ics.fact FROM ics WHERE provision = '5.6-7' AND support = 'Y')
	   -- a unit decides what really runs, and as whom
	   AND NOT EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit') AS is_claimed),
service AS (
	SELECT fact, subject, name, user, enabled, protocol
	FROM boot_service
	-- a log-in needs root to become its user; addresses are given out below port 1024
	WHERE enabled IS NOT 0 AND coalesce(protocol, 'http') IN ('http', 'https', 'ftp', 'tftp', 'rtsp', 'rtsps', 'mqtt', 'mqtts', 'onvif',
	                                                          'upnp', 'dlna', 'snmp', 'coap', 'mdns', 'ws-discovery', 'cwmp', 'redis', 'mysql')
	  AND (protocol IS NOT NULL OR name IS NULL)),
system AS (
	SELECT subject, count(DISTINCT name) AS services,
	       -- all of them, surely, and with nothing else that could confine them
	       min(coalesce(user, '') = 'root' AND enabled IS 1 AND name IS NOT NULL AND protocol IS NOT NULL) = 1
	   AND NOT EXISTS (SELECT rules.fact FROM file AS rules
	                   WHERE rules.subject IS service.subject
	                     AND (rules.path IS NULL OR rules.path LIKE '%/etc/apparmor%' OR rules.path LIKE '%/etc/selinux/%'
	                          OR rules.path LIKE '%/etc/smack/%' OR rules.path LIKE '%/sepolicy%'
	                          OR rules.path LIKE '%/jail/%' OR rules.path LIKE '%firejail%')) AS all_root
	FROM service
	GROUP BY subject),
judged AS (
	SELECT service.fact, service.subject,
	       -- one that only perhaps starts runs as its user where it does
	       CASE WHEN user IS NULL OR service.name IS NULL OR protocol IS NULL THEN 'inconclusive'
	            WHEN user <> 'root' THEN 'pass'
	            WHEN enabled IS NULL THEN 'inconclusive'
	            WHEN is_claimed = 1 AND all_root = 1 AND services >= 2 THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s runs as %s', coalesce(service.name, protocol, 'a service'), coalesce(user, 'nobody knows whom')) AS detail
	FROM service
	JOIN system ON system.subject IS service.subject
	JOIN claimed)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for network services with too many rights, found none'
FROM looked
WHERE kind = 'boot_service' AND from_source = 'boot_services'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
