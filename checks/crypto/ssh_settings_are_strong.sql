-- claim: The settings of the SSH server in the firmware image turn no weak algorithm on.
-- remedy: Take SHA-1 host key signatures, DSA, 1024-bit groups, 3DES, RC4 and MD5 out of Ciphers, MACs, KexAlgorithms and HostKeyAlgorithms of sshd_config, or drop these lines: the defaults of a current OpenSSH are strong.
-- source: sshd_config(5); RFC 9142; RFC 8332; RFC 8758; data/ssh_algorithms.tsv; TS 103 701 test cases 5.1-3-2 and 5.5-1-2
-- needs: setting of image from settings
-- needs: boot_service of image from boot_services
-- power: refutes
WITH keyword (name, class) AS (
	VALUES ('sshd.Ciphers', 'cipher'), ('sshd.MACs', 'mac'), ('sshd.KexAlgorithms', 'kex'), ('sshd.HostKeyAlgorithms', 'hostkey')),
line AS (
	-- "+" adds to the default list and "^" puts before it: both turn on; "-" only takes out of it
	SELECT fact, subject, path, setting.name, class, value,
	       iif(substr(value, 1, 1) = '-', '', ',' || ltrim(replace(value, ' ', ''), '+^') || ',') AS list,
	       substr(path, instr(path, '/etc/')) AS place
	FROM setting
	LEFT JOIN keyword ON keyword.name = setting.name
	WHERE setting.name IS NULL OR class IS NOT NULL),
rated AS (
	SELECT line.fact, line.subject, line.path, line.name, line.value, place,
	       length(list) - length(replace(list, ',', '')) - 1 AS listed, count(known.name) AS known_count,
	       total(known.rating = 'weak') AS weak_count, min(iif(known.rating = 'weak', known.name || ': ' || known.reason, NULL)) AS weakness
	FROM line
	LEFT JOIN reference_ssh_algorithms AS known ON known.class = line.class AND instr(list, ',' || known.name || ',') > 0
	GROUP BY line.fact),
judged AS (
	SELECT fact, subject,
	       CASE WHEN name IS NULL OR value IS NULL THEN 'inconclusive'
	            WHEN weak_count = 0 THEN iif(known_count >= listed, 'pass', 'inconclusive')
	            -- the first line counts: one that says otherwise may be it
	            WHEN EXISTS (SELECT other.fact FROM rated AS other
	                         WHERE other.subject = rated.subject AND coalesce(other.name, rated.name) = rated.name
	                           AND (other.weak_count = 0 OR other.value IS NULL)) THEN 'inconclusive'
	            -- where a unit is under test, it decides whether and how the server really runs
	            WHEN EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit') THEN 'inconclusive'
	            -- a server that surely starts, and surely reads this file
	            WHEN EXISTS (SELECT starts.fact FROM boot_service AS starts
	                         WHERE starts.subject = rated.subject AND starts.name = 'sshd' AND starts.enabled = 1
	                           AND (instr(starts.command, place) > 0
	                                OR (instr(rated.path, '/etc/ssh/') > 0 AND instr(starts.command, '_config') = 0))) THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s %s: %s', coalesce(name, 'a setting'), coalesce(value, '?'),
	              coalesce('turns on ' || weakness, iif(known_count >= listed, 'no weak algorithm', 'not all of it is in the list of algorithms'))) AS detail
	FROM rated)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for settings of SSH servers that turn weak algorithms on'
FROM looked
WHERE ((kind = 'boot_service' AND from_source = 'boot_services') OR (kind = 'setting' AND from_source = 'settings'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
