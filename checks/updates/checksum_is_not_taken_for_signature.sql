-- claim: Where the dossier speaks of a signature, the image carries one and not just a checksum.
-- remedy: Sign the image with an asymmetric key. A checksum or plain hash shows that the image arrived whole, not who made it. Or correct table 7-UpdMech.
-- source: EN 303 645 provisions 5.3-7 and 5.3-9; TS 103 701 test case 5.3-9-1
-- needs: update_signature of image from update_signature
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '7-UpdMech'
	                          AND (entry IS NULL OR field IS NULL
	                               OR (code IS NULL AND field = 'cryptographic_details')))) AS is_clear),
promise AS (
	SELECT total(instr(',' || code || ',', ',signature,') > 0) AS signatures, count(*) AS mechanisms
	FROM ixit
	WHERE ixit_table = '7-UpdMech' AND field = 'cryptographic_details'),
image AS (
	SELECT min(fact) AS fact, max(present) AS present, count(*) - count(present) AS unknown,
	       max(scheme = 'checksum'
	           AND container NOT IN (SELECT format FROM reference_update_containers)) AS has_checksum, max(algorithm) AS algorithm
	FROM update_signature
	GROUP BY subject)
SELECT fact,
       CASE WHEN present = 1 THEN 'pass'
            WHEN present IS NULL OR unknown > 0 OR is_clear = 0 THEN 'inconclusive'
            WHEN signatures = 0 THEN 'pass'
            WHEN has_checksum = 1 AND signatures = mechanisms THEN 'fail'
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s in the image; %d of %d update mechanisms declare a signature',
              CASE WHEN present = 1 THEN 'a signature' WHEN present IS NULL OR unknown > 0 THEN 'perhaps a signature'
                   WHEN has_checksum = 1 THEN printf('a checksum only (%s)', coalesce(algorithm, '?'))
                   ELSE 'no signature' END, signatures, mechanisms) AS detail
FROM image
JOIN dossier
JOIN promise;
