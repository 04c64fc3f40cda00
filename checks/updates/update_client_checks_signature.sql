-- claim: The firmware's update client verifies the signature of what it installs.
-- remedy: Turn verification on and give the client the maker's public key: swupdate -k, "option check_signature" of opkg, ArtifactVerifyKeys of Mender, the keyring of RAUC, no trusted=yes in sources of apt.
-- source: EN 303 645 provision 5.3-10; TS 103 701 test case 5.3-10-1
-- needs: setting of image from update_client
-- needs: ixit of dossier from dossier
-- power: refutes
WITH client AS (
	SELECT fact, subject, value, confidence,
	       CASE WHEN name IS NULL THEN NULL WHEN value LIKE 'off:%' THEN 0 WHEN value LIKE 'on:%' THEN 1 END AS verifies
	FROM setting
	WHERE coalesce(name, 'update_client.signature') = 'update_client.signature'),
judged AS (
	SELECT fact, subject,
	       CASE WHEN verifies = 1 THEN 'pass'
	            WHEN verifies IS NULL OR is_clear = 0 OR mechanisms = 0 THEN 'inconclusive'
	            -- the update itself need not be signed where the channel is the trust, and no signature is promised
	            WHEN channels = mechanisms AND signatures = 0 THEN 'pass'
	            WHEN doubts > 0 OR signatures < mechanisms OR channels > 0 OR confidence IS NOT 'certain' THEN 'inconclusive'
	            -- one client verifies, another does not: which of them installs is a question
	            WHEN EXISTS (SELECT other.fact FROM client AS other
	                         WHERE other.subject = client.subject AND other.verifies IS NOT 0) THEN 'inconclusive'
	            -- where a unit is under test, it decides what really runs
	            WHEN EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit') THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s, %s; declared: %s', coalesce(value, 'perhaps not verified'), coalesce(confidence, 'perhaps') || ' for updates',
	              CASE WHEN channels > 0 AND signatures > 0 THEN 'signature and authenticated channel'
	                   WHEN channels > 0 THEN 'authenticated channel' WHEN signatures > 0 THEN 'signature' ELSE 'neither' END) AS detail
	FROM client
	JOIN update_dossier
	JOIN update_promise)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for update clients that install without a signature'
FROM looked
WHERE kind = 'setting' AND from_source = 'update_client'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject IS looked.subject AND judged.verdict <> 'pass');
