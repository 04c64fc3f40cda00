-- claim: Every critical secret found in the firmware image is admitted in the dossier.
-- remedy: Remove the secret from the image. One that is replaced on each unit before use belongs into table 10-SecParam: its file in "storage", and how it is replaced in "provisioning".
-- source: EN 303 645 provision 5.4-3; TS 103 701 test case 5.4-3-1; data/published_key_places.tsv
-- needs: account of image from accounts, service_accounts
-- needs: key of image from keys
-- needs: secret of image from hard_coded_login, secrets
-- needs: ixit of dossier from dossier
-- power: refutes
WITH admitted AS (
	SELECT storage.code AS path
	FROM ixit AS storage
	WHERE storage.ixit_table = '10-SecParam' AND storage.field = 'storage' AND storage.code IS NOT NULL),
dossier AS (
	-- it was read, no row of it may admit one more, and no parameter is said to be common without its place
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT vague.fact FROM ixit AS vague
	                   WHERE vague.ixit_table IS NULL
	                      OR (vague.ixit_table = '10-SecParam'
	                          AND (vague.entry IS NULL OR vague.field IS NULL
	                               OR (vague.code IS NULL AND vague.field IN ('storage', 'provisioning')))))
	   AND NOT EXISTS (SELECT common.fact FROM ixit AS common
	                   WHERE common.ixit_table = '10-SecParam' AND common.field = 'provisioning' AND common.code = 'common'
	                     AND NOT EXISTS (SELECT placed.fact FROM ixit AS placed
	                                     WHERE placed.ixit_table = '10-SecParam' AND placed.entry = common.entry
	                                       AND placed.field = 'storage')) AS is_clear),
-- who has no shell by any file
closed AS (
	SELECT DISTINCT subject, account.user
	FROM account
	JOIN reference_closed_shells ON shell IN ('/bin/' || name, '/sbin/' || name, '/usr/bin/' || name, '/usr/sbin/' || name)),
found AS (
	SELECT account.fact, account.subject, account.path,
	       enabled = 1 AND scheme IS NOT NULL
	       AND closed.user IS NULL AS is_sure,
	       printf('password of %s', coalesce(account.user, '?')) AS detail
	FROM account
	LEFT JOIN closed ON closed.subject = account.subject AND closed.user = account.user
	WHERE enabled IS NOT 0 AND scheme IS NOT 'none' AND scheme IS NOT 'locked' AND service IS NOT 'Wi-Fi'
	UNION ALL
	SELECT key.fact, key.subject, key.path, private = 1 AND encrypted = 0 AND image.type = 'image'
	       -- what a publisher's own library may hold is a question
	       AND own_test_key.fact IS NULL
	       AND NOT EXISTS (SELECT place.place FROM reference_published_key_places AS place
	                       WHERE place.publisher IN (known.publisher, '*') AND place.there = 'question'
	                         AND key.path GLOB place.place),
	       printf('%s key', coalesce(algorithm, 'unknown'))
	FROM key
	LEFT JOIN own_test_key ON own_test_key.fact = key.fact
	LEFT JOIN reference_compromised_keys AS known ON known.fingerprint = key.fingerprint
	LEFT JOIN subject AS image ON image.fact = key.subject
	WHERE coalesce(image.type, 'image') = 'image' AND private IS NOT 0
	  AND own_test_key.embedded IS NOT 1
	UNION ALL
	SELECT secret.fact, secret.subject, secret.path, confidence = 'certain' AND secret.type IS NOT NULL,
	       printf('log-in of %s', coalesce(secret.name, 'a user'))
	FROM secret
	WHERE coalesce(secret.type, 'hard-coded login') = 'hard-coded login'
	UNION ALL
	-- keys of services, tokens and passwords: what they open, a person has to say; one row for a file and a type
	SELECT min(secret.fact), secret.subject, secret.path, NULL,
	       printf('%s%s', secret.type, iif(count(secret.fact) > 1, printf(', %s of them', count(secret.fact)), ''))
	FROM secret
	-- a vector is none by itself
	WHERE secret.type NOT IN ('hard-coded login', 'initial vector') AND confidence IS NOT 'possible'
	  AND NOT EXISTS (SELECT known.fact FROM account AS known
	                  WHERE secret.type = 'password' AND known.subject = secret.subject AND known.path = secret.path
	                    AND known.enabled IS NOT 0 AND known.scheme <> 'none' AND known.service <> 'Wi-Fi')
	  AND NOT EXISTS (SELECT known.fact FROM key AS known
	                  WHERE secret.type = 'private key' AND known.subject = secret.subject AND known.path = secret.path
	                    AND known.private = 1)
	GROUP BY secret.subject, coalesce(secret.path, secret.fact), secret.type),
judged AS (
	SELECT found.fact, found.subject,
	       CASE WHEN found.path IS NULL THEN 'inconclusive'
	            WHEN EXISTS (SELECT admitted.path FROM admitted
	                         WHERE substr(found.path, -length(admitted.path)) = admitted.path) THEN 'pass'
	            WHEN is_clear = 1 AND is_sure = 1 THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       detail
	FROM found
	JOIN dossier)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), printf('no critical secret found by %s', from_source)
FROM looked
WHERE from_source IN ('accounts', 'service_accounts', 'keys', 'hard_coded_login', 'secrets') AND kind IN ('account', 'key', 'secret')
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
