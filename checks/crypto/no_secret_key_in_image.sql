-- claim: The firmware image holds no private key.
-- remedy: Remove the private key from the image and generate one on each unit at first start. A key that is in the image is the same on every unit, and anyone can take it out.
-- source: EN 303 645 provisions 5.4-3 and 5.4-4; data/published_key_places.tsv
-- needs: key of image from keys
-- needs: certificate of image from keys
-- power: refutes
WITH owned AS (
	SELECT subject, key_fingerprint, min(path) AS path
	FROM certificate
	GROUP BY subject, key_fingerprint),
judged AS (
	SELECT key.fact, key.subject,
	       CASE WHEN private IS NOT 1 OR image.type IS NOT 'image' OR key.path IS NULL THEN 'inconclusive'
	            WHEN own_test_key.embedded = 1 THEN 'pass'
	            WHEN own_test_key.fact IS NOT NULL THEN 'inconclusive'
	            WHEN EXISTS (SELECT place.place FROM reference_published_key_places AS place
	                         WHERE place.publisher IN (known.publisher, '*') AND place.there = 'question'
	                           AND key.path GLOB place.place) THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s %s key of %s bits%s%s%s', iif(private = 1, 'private', 'perhaps private'), coalesce(algorithm, 'unknown'),
	              coalesce(bits, '?'), iif(encrypted = 1, ', under a passphrase', ''),
	              coalesce(', ' || known.name, ''),
	              coalesce(', whose certificate is in ' || owned.path, '')) AS detail
	FROM key
	LEFT JOIN subject AS image ON image.fact = key.subject
	LEFT JOIN own_test_key ON own_test_key.fact = key.fact
	LEFT JOIN reference_compromised_keys AS known ON known.fingerprint = key.fingerprint
	LEFT JOIN owned ON owned.subject = key.subject AND owned.key_fingerprint = key.fingerprint
	WHERE coalesce(image.type, 'image') = 'image' AND private IS NOT 0)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('%s keys in the image, none private', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'key' AND from_source = 'keys'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
