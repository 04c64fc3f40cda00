-- claim: No script or page of the firmware image has a user's password built in, and no program writes a row of passwd; what compiled programs compare is not read.
-- remedy: Remove the user and password from the code; keep what is needed per unit in the unit's own storage. If the value is replaced before use, say so in table 10-SecParam: the file in "storage" and how in "provisioning".
-- source: EN 303 645 provision 5.4-3; TS 103 701 test cases 5.4-3-1 and 5.4-3-2
-- needs: secret of image from hard_coded_login
-- needs: ixit of dossier from dossier
-- power: refutes
WITH admitted AS (
	-- files that the dossier names as the place of a parameter, which a person has to judge; or a row that may name one
	SELECT storage.code AS path
	FROM ixit AS storage
	WHERE storage.ixit_table = '10-SecParam' AND storage.field = 'storage' AND storage.code IS NOT NULL
	UNION ALL
	SELECT ''
	FROM ixit AS vague
	WHERE vague.ixit_table IS NULL
	   OR (vague.ixit_table = '10-SecParam'
	       AND (vague.field IS NULL OR (vague.code IS NULL AND vague.field = 'storage')))),
judged AS (
	SELECT secret.fact, secret.subject,
	       CASE WHEN secret.type IS NULL OR confidence IS NULL OR confidence <> 'certain' THEN 'inconclusive'
	            WHEN EXISTS (SELECT admitted.path FROM admitted
	                         WHERE coalesce(substr(secret.path, -length(admitted.path)), admitted.path) = admitted.path
	                            OR admitted.path = '') THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s: %s, %s', coalesce(secret.name, 'a user'), coalesce(detail, '?'), coalesce(confidence, 'not said how sure')) AS detail
	FROM secret
	WHERE coalesce(secret.type, 'hard-coded login') = 'hard-coded login')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'no user with a password in scripts and pages, no row of passwd in programs; log-ins that compiled programs compare are not read'
FROM looked
WHERE kind = 'secret' AND from_source = 'hard_coded_login'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
