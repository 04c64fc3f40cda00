-- claim: The firmware image is signed, or the dossier declares another trust that protects network updates.
-- remedy: Sign the image with an asymmetric key and verify it on the unit before installing, or deliver updates only over a channel that authenticates the server; declare it in table 7-UpdMech.
-- source: EN 303 645 provision 5.3-10
-- needs: update_signature of image from update_signature
-- needs: ixit of dossier from dossier
-- needs: region of image from unpack
-- needs: file of image from unpack
-- power: refutes
WITH
-- what the dossier promises of updates from the network
promise AS (
	SELECT total(instr(details, ',channel,') > 0) AS channels, total(instr(details, ',signature,') > 0) AS signatures,
	       total(details IS NULL OR over_network IS NULL OR initiation IN ('user', 'physical')) AS doubts, count(*) AS mechanisms
	FROM update_mechanism
	WHERE over_network IS NOT 'no'),
image AS (
	SELECT min(fact) AS fact, subject NOT IN (SELECT unsigned_part.subject FROM unsigned_part) AS is_whole, max(present) AS present, count(*) - count(present) AS unknown,
	       max(scheme = 'checksum'
	           AND container NOT IN (SELECT format FROM reference_update_containers)) AS has_checksum
	FROM update_signature
	GROUP BY subject
	UNION ALL
	SELECT looked.fact, 1, iif(complete = 1, 0, NULL), 0, 0
	FROM looked
	WHERE kind = 'update_signature' AND from_source = 'update_signature'
	  AND NOT EXISTS (SELECT found.fact FROM update_signature AS found WHERE found.subject = looked.subject))
SELECT fact,
       CASE WHEN present = 1 AND is_whole THEN 'pass'
            WHEN present = 1 THEN 'inconclusive'
            WHEN present IS NULL OR unknown > 0 OR is_clear = 0 OR mechanisms = 0 THEN 'inconclusive'
            -- the channel is the trust where nothing else is promised; a signature that is promised has to be seen
            WHEN channels = mechanisms AND signatures = 0 THEN 'pass'
            WHEN channels > 0 THEN 'inconclusive'
            -- a detached signature, or a dump of the flash, cannot be told from no signature; compression has its own checksum
            WHEN signatures > 0 THEN iif(has_checksum = 1, 'fail', 'inconclusive')
            WHEN doubts > 0 THEN 'inconclusive'
            ELSE 'fail' END                                 AS verdict,
       printf('%s in the image; declared: %s',
              CASE WHEN present = 1 THEN iif(is_whole, 'a signature', 'a signature that does not cover all of it') WHEN present IS NULL OR unknown > 0 THEN 'perhaps a signature'
                   WHEN has_checksum = 1 THEN 'a checksum only' ELSE 'no signature' END,
              CASE WHEN channels > 0 AND signatures > 0 THEN 'signature and authenticated channel'
                   WHEN channels > 0 THEN 'authenticated channel' WHEN signatures > 0 THEN 'signature' ELSE 'neither' END) AS detail
FROM image
JOIN update_dossier
JOIN promise;
