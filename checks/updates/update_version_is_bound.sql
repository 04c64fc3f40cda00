-- claim: Where the dossier promises that updates are fresh, the signature of the image binds a version, by which a unit can refuse an older one.
-- remedy: Put a version or a counter under the signature (security counter of MCUboot, secure version of ESP-IDF, rollback index of Android, version of the manifest) and refuse lower ones on the unit; or take "freshness" out of table 7-UpdMech.
-- source: EN 303 645 provisions 5.3-2 and 5.3-7; TS 103 701 test case 5.3-7-1
-- needs: update_signature of image from update_signature
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '7-UpdMech'
	                          AND (entry IS NULL OR field IS NULL
	                               OR (code IS NULL AND field IN ('security_guarantees', 'cryptographic_details'))))) AS is_clear),
mechanism AS (
	SELECT entry.entry,
	       max(iif(field = 'security_guarantees', ',' || code || ',', NULL)) AS guarantees,
	       max(iif(field = 'cryptographic_details', ',' || code || ',', NULL)) AS details
	FROM ixit AS entry
	WHERE ixit_table = '7-UpdMech'
	GROUP BY entry.entry),
-- a server that is known may refuse to offer an older one
promise AS (
	SELECT total(instr(guarantees, ',freshness,') > 0) AS fresh,
	       total(instr(guarantees, ',freshness,') > 0 AND instr(details, ',signature,') > 0
	             AND instr(details, ',channel,') = 0) AS by_signature,
	       total(guarantees IS NULL OR details IS NULL) AS unclear, count(*) AS mechanisms
	FROM mechanism),
image AS (
	SELECT min(fact) AS fact, max(iif(present = 1, rollback_protected, NULL)) AS bound,
	       total(present IS NULL OR rollback_protected IS NULL) AS unknown,
	       max(version) AS version
	FROM update_signature
	WHERE present IS NOT 0
	GROUP BY subject)
SELECT fact,
       CASE WHEN bound = 1 THEN 'pass'
            WHEN is_clear = 0 OR unclear > 0 OR mechanisms = 0 THEN 'inconclusive'
            WHEN fresh = 0 THEN 'pass'
            WHEN unknown = 0 AND by_signature = mechanisms THEN 'fail'
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s; %d of %d update mechanisms promise freshness',
              CASE WHEN bound = 1 THEN printf('the signature binds %s', coalesce(version, 'a version'))
                   WHEN unknown > 0 THEN 'whether the signature binds a version is not known'
                   ELSE 'the signature binds no version' END, fresh, mechanisms) AS detail
FROM image
JOIN dossier
JOIN promise;
