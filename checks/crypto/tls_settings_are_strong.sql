-- claim: The settings of the TLS services in the firmware image turn no version of TLS that is too old and no weak cipher suite on.
-- remedy: In the settings of the service, set the lowest version to TLS 1.2 and list cipher suites with AES-GCM or ChaCha20 alone, or drop these lines: the defaults of a current library are strong.
-- source: RFC 8996; RFC 9325; openssl-ciphers(1); data/tls_versions.tsv; data/weak_cipher_words.tsv; TS 103 701 test case 5.5-1-2
-- needs: setting of image from settings
-- needs: boot_service of image from boot_services
-- power: refutes
-- parameter: min_version text, version of TLS
WITH keyword (name, service, lists) AS (
	VALUES ('nginx.ssl_protocols', 'nginx', 'versions'), ('nginx.ssl_ciphers', 'nginx', 'suites'),
	       ('lighttpd.ssl.cipher-list', 'lighttpd', 'suites'), ('lighttpd.ssl.openssl.ssl-conf-cmd', 'lighttpd', 'both'),
	       ('lighttpd.ssl.use-sslv2', 'lighttpd', 'versions'), ('lighttpd.ssl.use-sslv3', 'lighttpd', 'versions'),
	       ('vsftpd.ssl_sslv2', 'vsftpd', 'versions'), ('vsftpd.ssl_sslv3', 'vsftpd', 'versions'),
	       ('mosquitto.tls_version', 'mosquitto', 'versions'), ('mosquitto.ciphers', 'mosquitto', 'suites'),
	       ('proftpd.TLSProtocol', 'proftpd', 'versions'), ('proftpd.TLSCipherSuite', 'proftpd', 'suites'),
	       ('pure-ftpd.TLSCipherSuite', 'pure-ftpd', 'suites'), ('stunnel.sslVersion', 'stunnel', 'versions'),
	       ('stunnel.sslVersionMin', 'stunnel', 'versions'), ('stunnel.sslVersionMax', 'stunnel', 'versions'),
	       ('stunnel.ciphers', 'stunnel', 'suites'), ('mini_httpd.cipher', 'mini_httpd', 'suites'),
	       ('openvpn.tls-version-min', 'openvpn', 'versions'), ('openvpn.tls_version_min', 'openvpn', 'versions'),
	       ('openvpn.tls-cipher', 'openvpn', 'suites')),
-- the setting by which a service speaks TLS at all; NULL where it always does
turned_on (service, name, value) AS (
	VALUES ('nginx', 'nginx.listen', '%ssl%'), ('nginx', 'nginx.ssl', 'on'), ('lighttpd', 'lighttpd.ssl.engine', 'enable'),
	       ('vsftpd', 'vsftpd.ssl_enable', 'yes'), ('mosquitto', 'mosquitto.certfile', '%'), ('proftpd', 'proftpd.TLSEngine', 'on'),
	       ('pure-ftpd', 'pure-ftpd.TLS', '1'),
	       ('pure-ftpd', 'pure-ftpd.TLS', '2'), ('pure-ftpd', 'pure-ftpd.TLS', '3'), ('mini_httpd', 'mini_httpd.ssl', '%'), ('stunnel', NULL, NULL), ('openvpn', NULL, NULL)),
line AS (
	SELECT fact, subject, path, setting.name, service, lists, value,
	       -- all that stands between two words is ":"; a switch is the version that it turns on
	       CASE WHEN setting.name IN ('lighttpd.ssl.use-sslv2', 'lighttpd.ssl.use-sslv3', 'vsftpd.ssl_sslv2', 'vsftpd.ssl_sslv3')
	            THEN iif(lower(value) IN ('enable', 'yes', 'true', '1'), ':' || substr(setting.name, -5) || ':', iif(value IS NULL, NULL, ':'))
	            ELSE ':' || replace(replace(replace(replace(replace(replace(replace(replace(replace(value, '	', ':'), ' ', ':'), ',', ':'),
	                      '"', ':'), '''', ':'), '(', ':'), ')', ':'), '=', ':'), '>', ':') || ':' END AS words,
	       substr(path, instr(path, '/etc/')) AS place
	FROM setting
	LEFT JOIN keyword ON keyword.name = setting.name
	WHERE setting.name IS NULL OR service IS NOT NULL),
digit (n) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)),
place (n) AS (
	SELECT hundreds.n * 100 + tens.n * 10 + units.n + 1
	FROM digit AS hundreds CROSS JOIN digit AS tens CROSS JOIN digit AS units),
element AS (
	SELECT line.fact, line.service, line.lists, place.n AS at,
	       substr(words, place.n + 1, instr(substr(words, place.n + 1), ':') - 1) AS word
	FROM line
	JOIN place ON place.n < length(words)
	WHERE length(words) <= 1000 AND substr(words, place.n, 1) = ':' AND substr(words, place.n + 1, 1) <> ':'),
version AS (
	SELECT element.fact, min(rank) AS oldest, max(rank) AS newest
	FROM element
	JOIN reference_tls_versions AS known
	  ON lower(ltrim(word, '+')) IN (lower(known.name), replace(lower(known.name), 'v1.0', 'v1'))
	  OR (service = 'openvpn' AND word = substr(known.name, 5))
	WHERE lists <> 'suites'
	GROUP BY element.fact),
-- "!" and "-" take out of the list, "+" moves what is in it
taken_out AS (
	SELECT element.fact, at, substr(element.word, 1, 1) AS sign, substr(element.word, 2) AS word, known.word AS known_word, grouping, broad
	FROM element
	LEFT JOIN reference_weak_cipher_words AS known ON known.word = substr(element.word, 2)
	WHERE substr(element.word, 1, 1) IN ('!', '-')),
hit AS (
	SELECT element.fact, element.at, element.word, rating, reason,
	       EXISTS (SELECT taken_out.at FROM taken_out
	               WHERE taken_out.fact = element.fact AND (taken_out.sign = '!' OR taken_out.at > element.at)
	                 AND (taken_out.word = element.word OR taken_out.known_word = known.word
	                      OR (taken_out.grouping = known.grouping AND taken_out.broad = 1))) AS is_out
	FROM element
	JOIN reference_weak_cipher_words AS known
	  ON known.word = element.word
	  OR (as_part = 1 AND instr('.' || replace(replace(replace(element.word, '-', '.'), '_', '.'), '+', '.') || '.', '.' || known.word || '.') > 0)
	WHERE lists <> 'versions' AND substr(element.word, 1, 1) NOT IN ('!', '-', '+')),
-- what is taken out for one reason is out
suite AS (
	SELECT fact, word, max(rating = 'weak') AS is_weak, min(reason) AS reason
	FROM hit
	GROUP BY fact, at, word
	HAVING max(is_out) = 0),
rated AS (
	SELECT line.fact, subject, path, line.name, line.service, value, place,
	       CASE WHEN value IS NULL OR length(words) > 1000 OR least.rank IS NULL THEN NULL
	            WHEN oldest < least.rank AND (oldest <= 30 OR newest < least.rank) THEN 'weak'
	            WHEN (SELECT max(is_weak) FROM suite WHERE suite.fact = line.fact) = 1 THEN 'weak'
	            -- beside newer versions, and with words that take in more or less, the library decides what is spoken
	            WHEN oldest < least.rank OR EXISTS (SELECT suite.word FROM suite WHERE suite.fact = line.fact) THEN 'wide'
	            ELSE 'strong' END AS rating,
	       iif(oldest < least.rank, 'a version that is too old',
	           (SELECT min(suite.word || ': ' || reason) FROM suite WHERE suite.fact = line.fact
	              AND is_weak = (SELECT max(worst.is_weak) FROM suite AS worst WHERE worst.fact = line.fact))) AS weakness
	FROM line
	LEFT JOIN version ON version.fact = line.fact
	LEFT JOIN reference_tls_versions AS least ON least.name = :min_version),
judged AS (
	SELECT fact, subject,
	       CASE WHEN name IS NULL OR rating IS NULL THEN 'inconclusive'
	            WHEN rating = 'strong' THEN 'pass'
	            WHEN rating = 'wide' THEN 'inconclusive'
	            -- another line says otherwise: which of them counts where is a question
	            WHEN EXISTS (SELECT other.fact FROM rated AS other
	                         WHERE other.subject = rated.subject AND coalesce(other.name, rated.name) = rated.name
	                           AND other.rating IS NOT 'weak') THEN 'inconclusive'
	            -- where a unit is under test, it decides whether and how the service really runs
	            WHEN EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit') THEN 'inconclusive'
	            WHEN path LIKE '%available%' OR path LIKE '%example%' OR path LIKE '%sample%' OR path LIKE '%/share/%' THEN 'inconclusive'
	            -- a service that surely starts, surely reads this file or what stands beside it, and speaks TLS
	            WHEN instr(path, '/etc/') > 0
	             AND EXISTS (SELECT starts.fact FROM boot_service AS starts
	                         WHERE starts.subject = rated.subject AND rtrim(starts.name, '0123456789') = service AND starts.enabled = 1
	                           AND (instr(starts.command, 'conf') = 0
	                                OR instr(starts.command, substr(place, 1, 4 + coalesce(nullif(instr(substr(place, 6), '/'), 0), 999))) > 0))
	             AND EXISTS (SELECT turned_on.service FROM turned_on
	                         WHERE turned_on.service = rated.service
	                           AND (turned_on.name IS NULL
	                                OR EXISTS (SELECT speaks.fact FROM setting AS speaks
	                                           WHERE speaks.subject = rated.subject AND speaks.name = turned_on.name
	                                             AND lower(speaks.value) LIKE turned_on.value))) THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s %s: %s', coalesce(name, 'a setting'), coalesce(value, '?'),
	              coalesce(weakness, iif(rating = 'strong', 'nothing weak', 'not known'))) AS detail
	FROM rated)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for settings of TLS services that turn old versions or weak suites on'
FROM looked
WHERE ((kind = 'boot_service' AND from_source = 'boot_services') OR (kind = 'setting' AND from_source = 'settings'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
