-- claim: The product's MQTT broker lets nobody in without a log-in.
-- remedy: Set "allow_anonymous false" and a password_file or client certificates in mosquitto.conf, and listen on a TLS port.
-- source: OASIS MQTT 5.0 section 5.4; mosquitto.conf(5); TS 103 701 test cases 5.1-3-2, 5.5-1-2, 5.5-4-2 and 5.5-6-2
-- needs: boot_service of image from boot_services
-- needs: setting of image from settings
-- power: refutes
WITH anonymous AS (
	SELECT subject, count(*) AS times, sum(lower(value) = 'true') AS allowed, sum(lower(value) = 'false') AS refused
	FROM setting
	WHERE coalesce(name, 'mosquitto.allow_anonymous') = 'mosquitto.allow_anonymous'
	GROUP BY subject),
judged AS (
	SELECT broker.fact, broker.subject,
	       CASE WHEN coalesce(broker.protocol, '') <> 'mqtt' OR broker.enabled IS NOT 1 THEN 'inconclusive'
	            -- what stands in all its files alike; a file nobody reads may say anything
	            WHEN refused = times THEN 'pass'
	            WHEN coalesce(allowed, 0) < coalesce(times, 1) THEN 'inconclusive'
	            -- bound to the product itself, or perhaps so
	            WHEN broker.listen_port IS NULL OR broker.listen_address LIKE '127.%'
	              OR broker.listen_address IN ('::1', '[::1]', 'localhost') THEN 'inconclusive'
	            WHEN EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit') THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s on port %s: %s', coalesce(broker.command, broker.name, 'a broker'), coalesce(broker.listen_port, '?'),
	              CASE WHEN refused = times THEN 'log-in required' WHEN allowed = times THEN 'anybody is let in'
	                   ELSE 'whether it asks for a log-in is not known' END) AS detail
	FROM boot_service AS broker
	LEFT JOIN anonymous ON anonymous.subject = broker.subject
	WHERE broker.enabled IS NOT 0 AND (broker.protocol = 'mqtt'
	                                      OR (broker.protocol IS NULL AND coalesce(broker.name, 'mosquitto') IN ('mosquitto', 'emqx', 'nanomq'))))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for MQTT brokers without log-in, found none'
FROM looked
WHERE ((kind = 'boot_service' AND from_source = 'boot_services') OR (kind = 'setting' AND from_source = 'settings'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
