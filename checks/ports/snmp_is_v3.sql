-- claim: The product's SNMP server answers version 3 with authentication only, no community names.
-- remedy: Remove rocommunity, rwcommunity and com2sec from snmpd.conf and create users (createUser … SHA … AES, rouser NAME priv), or leave SNMP out.
-- source: RFC 3410 section 6; RFC 3584; TS 103 701 test cases 5.5-1-2 and 5.5-6-2
-- needs: boot_service of image from boot_services
-- needs: setting of image from settings
-- power: refutes
WITH community AS (
	SELECT subject, min(fact) AS fact,
	       -- one that only the product itself may use is no way in
	       max(value IS NOT NULL AND value NOT LIKE '%127.0.0.1%' AND value NOT LIKE '%localhost%'
	           AND value NOT LIKE '% ::1%') AS is_open
	FROM setting
	WHERE name IN ('snmpd.rocommunity', 'snmpd.rwcommunity', 'snmpd.rocommunity6', 'snmpd.rwcommunity6', 'snmpd.com2sec')
	GROUP BY subject),
judged AS (
	SELECT server.fact, server.subject,
	       CASE WHEN coalesce(server.protocol, '') <> 'snmp' OR server.enabled IS NOT 1
	              OR server.listen_address LIKE '127.%' OR server.listen_address IN ('::1', '[::1]', 'localhost')
	              OR EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit')
	            THEN 'inconclusive'
	            -- it speaks versions 1 and 2c alone
	            WHEN server.name = 'mini_snmpd' THEN 'fail'
	            WHEN community.is_open = 1 THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s is %s at boot, %s', coalesce(server.command, server.name, 'SNMP'),
	              iif(server.enabled = 1, 'started', 'perhaps started'),
	              iif(community.fact IS NULL, 'no community is set in a file', 'with communities of versions 1 and 2c')) AS detail
	FROM boot_service AS server
	LEFT JOIN community ON community.subject = server.subject
	WHERE server.enabled IS NOT 0 AND (server.protocol = 'snmp' OR (server.protocol IS NULL AND coalesce(server.name, 'snmpd') LIKE '%snmpd%'))
	  -- users alone: version 3
	  AND NOT (server.name = 'snmpd' AND server.protocol = 'snmp' AND community.fact IS NULL
	           AND EXISTS (SELECT v3.fact FROM setting AS v3
	                       WHERE v3.subject = server.subject AND v3.name IN ('snmpd.createUser', 'snmpd.rouser', 'snmpd.rwuser'))
	           AND NOT EXISTS (SELECT other.fact FROM setting AS other
	                           WHERE other.subject = server.subject AND other.name IS NULL)))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for SNMP without version 3, found none'
FROM looked
WHERE ((kind = 'boot_service' AND from_source = 'boot_services') OR (kind = 'setting' AND from_source = 'settings'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
