-- claim: Every address from which the firmware fetches its updates is reached over an encrypted channel, or the updates are signed.
-- remedy: Fetch updates and the list of them over HTTPS, with the server's certificate verified; or sign the update, verify the signature on the unit, and put "signature" in "cryptographic_details" of table 7-UpdMech.
-- source: EN 303 645 provision 5.3-10; TS 103 701 test case 5.3-10-1
-- needs: setting of image from update_client
-- needs: update_signature of image from update_signature
-- needs: ixit of dossier from dossier
-- power: refutes
WITH scheme (name, encrypted) AS (
	VALUES ('https', 1), ('ftps', 1), ('sftp', 1), ('wss', 1), ('mqtts', 1), ('coaps', 1), ('amqps', 1), ('ldaps', 1),
	       ('http', 0), ('ftp', 0), ('tftp', 0), ('ws', 0), ('mqtt', 0), ('coap', 0), ('amqp', 0), ('ldap', 0)),
address AS (
	SELECT fact, subject, name, value, confidence,
	       iif(name IS NULL, NULL, (SELECT scheme.encrypted FROM scheme WHERE value LIKE scheme.name || '://%')) AS encrypted
	FROM setting
	WHERE coalesce(name, 'update_client.url') = 'update_client.url'),
judged AS (
	SELECT fact, subject,
	       CASE WHEN encrypted = 1 THEN 'pass'
	            WHEN name IS NULL OR is_clear = 0 OR mechanisms = 0 THEN 'inconclusive'
	            -- however it comes, the signature protects it, once it is seen: the promise alone does not
	            WHEN signatures = mechanisms AND EXISTS (SELECT signed.fact FROM update_signature AS signed
	                                                     WHERE signed.subject = address.subject AND present = 1) THEN 'pass'
	            WHEN encrypted IS NULL THEN 'inconclusive'
	            -- another trust, or another way, may be the one that counts
	            WHEN doubts > 0 OR channels < mechanisms OR signatures > 0 OR confidence IS NOT 'certain' THEN 'inconclusive'
	            WHEN EXISTS (SELECT other.fact FROM address AS other
	                         WHERE other.subject IS address.subject AND other.encrypted IS NOT 0) THEN 'inconclusive'
	            -- where a unit is under test, it decides what really runs
	            WHEN EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit') THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s, %s; declared: %s', coalesce(value, 'an address'), coalesce(confidence, 'perhaps') || ' for updates',
	              CASE WHEN channels > 0 AND signatures > 0 THEN 'signature and authenticated channel'
	                   WHEN channels > 0 THEN 'authenticated channel' WHEN signatures > 0 THEN 'signature' ELSE 'neither' END) AS detail
	FROM address
	JOIN update_dossier
	JOIN update_promise)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for addresses of updates'
FROM looked
WHERE kind = 'setting' AND from_source = 'update_client'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject IS looked.subject AND judged.verdict <> 'pass');
