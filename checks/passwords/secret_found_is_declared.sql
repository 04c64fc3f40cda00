-- claim: The dossier lists security parameters, and those found in the firmware image are among them.
-- remedy: List every key, password store and built-in secret of the product in table 10-SecParam, with its type, its protection and its file in "storage".
-- source: EN 303 645 provision 5.4-1; TS 103 701 test case 5.4-1-1; data/published_key_places.tsv
-- needs: account of image from accounts, service_accounts
-- needs: key of image from keys
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   -- not one row that is, or may be, of the table
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit WHERE coalesce(ixit_table, '10-SecParam') = '10-SecParam') AS lists_none),
found AS (
	SELECT account.fact, account.subject, account.path, enabled = 1 AND scheme IS NOT NULL AS is_sure,
	       printf('password of %s', coalesce(account.user, '?')) AS detail
	FROM account
	WHERE enabled IS NOT 0 AND scheme IS NOT 'none' AND scheme IS NOT 'locked'
	UNION ALL
	SELECT key.fact, key.subject, key.path, private = 1 AND image.type = 'image'
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
	  AND own_test_key.embedded IS NOT 1),
judged AS (
	SELECT found.fact, found.subject,
	       CASE WHEN found.path IS NULL THEN 'inconclusive'
	            WHEN EXISTS (SELECT storage.fact FROM ixit AS storage
	                         WHERE storage.ixit_table = '10-SecParam' AND storage.field = 'storage'
	                           AND substr(found.path, -length(storage.code)) = storage.code) THEN 'pass'
	            -- an entry without its file may be this one: a person has to say
	            WHEN lists_none = 1 AND is_sure = 1 THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       detail
	FROM found
	JOIN dossier)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), printf('nothing undeclared found by %s', from_source)
FROM looked
WHERE from_source IN ('accounts', 'service_accounts', 'keys') AND kind IN ('account', 'key')
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
