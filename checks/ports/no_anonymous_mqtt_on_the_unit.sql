-- claim: The unit's MQTT broker gives nothing to a client without a log-in.
-- remedy: Refuse CONNECT without a user name and password or a client certificate (mosquitto: "allow_anonymous false"), and listen on a TLS port.
-- source: OASIS MQTT 5.0 section 5.4; TS 103 701 test cases 5.1-3-2, 5.5-1-2, 5.5-4-2 and 5.5-6-2
-- needs: resource of unit from mqtt
-- power: refutes
WITH judged AS (
	SELECT fact, subject,
	       CASE WHEN protocol IS NULL OR needs_login IS NULL OR state IS NULL OR port IS NULL THEN 'inconclusive'
	            WHEN needs_login = 1 THEN 'pass'
	            -- let in, and whether anything can be read there is another row
	            WHEN access IS NULL THEN 'inconclusive'
	            -- a broker may be open until the unit is set up
	            WHEN state <> 'initialised' THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s on port %s: %s%s', coalesce(name, '?'), coalesce(port, '?'),
	              CASE needs_login WHEN 0 THEN 'open to a stranger' WHEN 1 THEN 'refused to a stranger' ELSE 'perhaps open' END,
	              coalesce(', ' || detail, '')) AS detail
	FROM resource
	WHERE coalesce(protocol, 'mqtt') = 'mqtt')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for MQTT brokers that are open to strangers, found none'
FROM looked
WHERE kind = 'resource' AND from_source = 'mqtt'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
