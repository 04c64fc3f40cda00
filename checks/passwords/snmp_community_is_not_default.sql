-- claim: No SNMP community of the firmware image is a default one.
-- remedy: Replace SNMP v1 and v2c by SNMPv3 with a password of each unit, or let the owner set the community before the service starts; bind it to 127.0.0.1 where it serves the product alone.
-- source: EN 303 645 provision 5.1-1; TS 103 701 test case 5.1-1-2; data/snmp_communities.tsv
-- needs: setting of image from settings
-- needs: boot_service of image from boot_services
-- needs: ixit of dossier from dossier
-- power: refutes
WITH line AS (
	SELECT fact, subject, path, name, value,
	       trim(replace(replace(value, '	', ' '), '"', '')) || '   ' AS words
	FROM setting
	WHERE name IS NULL OR name IN ('snmpd.rocommunity', 'snmpd.rwcommunity', 'snmpd.rocommunity6', 'snmpd.rwcommunity6', 'snmpd.com2sec')),
split AS (
	SELECT fact, subject, path, name, substr(words, 1, instr(words, ' ') - 1) AS first,
	       ltrim(substr(words, instr(words, ' '))) || '  ' AS behind
	FROM line),
split_again AS (
	SELECT fact, subject, path, name, first, substr(behind, 1, instr(behind, ' ') - 1) AS second,
	       trim(substr(behind, instr(behind, ' '))) || ' ' AS rest
	FROM split),
community AS (
	-- com2sec NAME SOURCE COMMUNITY; the others COMMUNITY SOURCE
	SELECT fact, subject, path, name,
	       iif(name = 'snmpd.com2sec', substr(rest, 1, instr(rest, ' ') - 1), first) AS word,
	       second AS origin
	FROM split_again
	WHERE first IS NULL OR first <> '-Cn'),
judged AS (
	SELECT community.fact, community.subject,
	       CASE WHEN name IS NULL OR word IS NULL THEN 'inconclusive'
	            WHEN origin IN ('localhost', '127.0.0.1', '127.0.0.1/32', '::1') THEN 'pass'
	            WHEN NOT EXISTS (SELECT known.community FROM reference_snmp_communities AS known
	                             WHERE known.community = word) THEN 'inconclusive'
	            WHEN EXISTS (SELECT filled_in_later.path FROM filled_in_later
	                         WHERE coalesce(substr(community.path, -length(filled_in_later.path)), filled_in_later.path) = filled_in_later.path
	                            OR filled_in_later.path = '') THEN 'inconclusive'
	            -- it may answer the product itself alone
	            WHEN EXISTS (SELECT address.fact FROM setting AS address
	                         WHERE address.subject = community.subject AND coalesce(address.name, 'snmpd.agentAddress') = 'snmpd.agentAddress'
	                           AND (address.value IS NULL OR instr(address.value, '127.') > 0 OR instr(address.value, '::1') > 0
	                                OR instr(address.value, 'localhost') > 0)) THEN 'inconclusive'
	            WHEN EXISTS (SELECT starts.fact FROM boot_service AS starts
	                         WHERE starts.subject = community.subject AND starts.name = 'snmpd' AND starts.enabled = 1) THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s: %s from %s', coalesce(name, 'a setting'), coalesce(word, '?'),
	              coalesce(nullif(origin, ''), 'anywhere')) AS detail
	FROM community)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'no SNMP community in the image'
FROM looked
WHERE kind = 'setting' AND from_source = 'settings'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
