-- claim: No factory password of the unit is made of its serial number, MAC address or another identifier.
-- remedy: Draw each password at random in the factory; let it depend on nothing that is printed, sent, or counted up.
-- source: EN 303 645 provision 5.1-2; TS 103 701 test case 5.1-2-2
-- needs: login_attempt of unit from first_use
-- needs: disclosure of unit from http, ssh, telnet
-- power: refutes
WITH identifier AS (
	SELECT unit.fact AS subject, lower(replace(replace(replace(unit.serial, ':', ''), '-', ''), '.', '')) AS value, 'serial' AS type
	FROM subject AS unit
	WHERE unit.type = 'unit' AND unit.serial IS NOT NULL
	UNION
	SELECT told.subject, lower(replace(replace(replace(told.value, ':', ''), '-', ''), '.', '')), told.type
	FROM disclosure AS told
	WHERE told.type IN ('mac', 'serial', 'uuid', 'hostname') AND told.value IS NOT NULL),
tried AS (
	SELECT seen.fact, seen.subject, seen.state, seen.accepted, seen.control, seen.password, seen.forced_change, seen.protocol,
	       seen.port, seen.user, lower(replace(replace(replace(seen.password, ':', ''), '-', ''), '.', '')) AS value
	FROM login_attempt AS seen
	WHERE seen.accepted IS NOT 0 AND seen.control IS NOT 1
	  AND coalesce(seen.state, 'factory_default') = 'factory_default'),
judged AS (
	SELECT seen.fact, seen.subject, seen.state,
	       CASE WHEN seen.accepted IS NULL OR seen.control IS NULL OR seen.state IS NULL OR seen.password IS NULL THEN 'inconclusive'
	            -- it opens the log-in only to be replaced
	            WHEN forced_change = 1 THEN 'pass'
	            WHEN EXISTS (SELECT identifier.value FROM identifier
	                         WHERE identifier.subject = seen.subject AND length(seen.value) >= 4 AND length(identifier.value) >= 4
	                           -- it is part of the identifier, or holds the end of it, which differs from unit to unit
	                           AND (instr(identifier.value, seen.value) > 0
	                                OR instr(seen.value, substr(identifier.value, -6)) > 0)) THEN 'fail'
	            WHEN EXISTS (SELECT told.fact FROM disclosure AS told
	                         WHERE told.subject = seen.subject AND (told.type IS NULL OR told.value IS NULL)) THEN 'inconclusive'
	            ELSE 'pass' END AS verdict,
	       printf('%s on port %s: %s with %s…', coalesce(seen.protocol, 'log-in'), coalesce(seen.port, '?'), coalesce(seen.user, '?'),
	              coalesce(substr(seen.password, 1, 2), '?')) AS detail
	FROM tried AS seen)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND looked.state = 'factory_default', 'pass', 'inconclusive'),
       CASE WHEN looked.count > 0 THEN printf('log-ins tried in the factory state: %d, no password like an identifier', looked.count)
            WHEN looked.count = 0 THEN 'no log-in was tried in the factory state' ELSE 'not known which log-ins were tried in the factory state' END
FROM looked
WHERE kind = 'login_attempt' AND from_source = 'first_use' AND coalesce(looked.state, 'factory_default') = 'factory_default'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
