-- claim: The firmware's update client verifies the certificate of the server it asks.
-- remedy: Remove the switch that turns verification off (curl -k, --no-check-certificate, verify=False, SkipVerify …) and give the client the root certificate it must trust, with --cacert or in its configuration.
-- source: EN 303 645 provision 5.3-10; TS 103 701 test case 5.3-10-1
-- needs: setting of image from update_client
-- needs: update_signature of image from update_signature
-- needs: ixit of dossier from dossier
-- power: refutes
WITH client AS (
	SELECT fact, subject, value, confidence,
	       CASE WHEN name IS NULL THEN NULL WHEN value LIKE 'off:%' THEN 0
	            WHEN value LIKE 'on:%' OR value LIKE 'pinned:%' THEN 1 END AS verifies
	FROM setting
	WHERE coalesce(name, 'update_client.verify') = 'update_client.verify'),
judged AS (
	SELECT fact, subject,
	       CASE WHEN verifies = 1 THEN 'pass'
	            WHEN verifies IS NULL OR is_clear = 0 OR mechanisms = 0 THEN 'inconclusive'
	            -- who answers does not matter where the update itself is seen to be signed, and no channel is promised
	            WHEN signatures = mechanisms AND channels = 0
	             AND EXISTS (SELECT signed.fact FROM update_signature AS signed
	                         WHERE signed.subject = client.subject AND present = 1) THEN 'pass'
	            WHEN doubts > 0 OR channels < mechanisms OR signatures > 0 OR confidence IS NOT 'certain' THEN 'inconclusive'
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
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for update clients that do not verify'
FROM looked
WHERE kind = 'setting' AND from_source = 'update_client'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject IS looked.subject AND judged.verdict <> 'pass');
