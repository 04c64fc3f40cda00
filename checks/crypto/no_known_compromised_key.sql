-- claim: No key on the product is one whose private half is published.
-- remedy: Generate keys of your own, private halves on each unit or in the vendor's signing system, and remove the test or example keys that came with a library or boot loader.
-- source: EN 303 645 provisions 5.4-3 and 5.4-4; data/compromised_keys.tsv; data/published_key_places.tsv
-- needs: key of image from keys
-- needs: certificate of image from keys
-- power: refutes
WITH held AS (
	SELECT fact, subject, path, embedded, fingerprint,
	       CASE private WHEN 1 THEN 'private key' WHEN 0 THEN 'public key' ELSE 'key' END AS what
	FROM key
	UNION ALL
	SELECT fact, subject, path, embedded, key_fingerprint, 'certificate'
	FROM certificate),
judged AS (
	SELECT held.fact, held.subject,
	       CASE WHEN held.fingerprint IS NULL OR shown.type IS NULL THEN 'inconclusive'
	            WHEN shown.type = 'unit' THEN 'fail'
	            WHEN held.path IS NULL THEN 'inconclusive'
	            WHEN held.embedded IS NOT 0 AND EXISTS (SELECT place.place FROM reference_published_key_places AS place
	                                               WHERE place.publisher = known.publisher AND place.there = 'own test'
	                                                 AND held.path GLOB place.place) THEN iif(held.embedded = 1, 'pass', 'inconclusive')
	            WHEN EXISTS (SELECT place.place FROM reference_published_key_places AS place
	                         WHERE place.publisher IN (known.publisher, '*') AND place.there = 'question'
	                           AND held.path GLOB place.place) THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       CASE WHEN held.fingerprint IS NULL THEN printf('a %s that nobody can compare', held.what)
	            ELSE printf('%s: %s (%s)', held.what, known.name, known.source) END AS detail
	FROM held
	LEFT JOIN subject AS shown ON shown.fact = held.subject
	LEFT JOIN reference_compromised_keys AS known ON known.fingerprint = held.fingerprint
	WHERE held.fingerprint IS NULL OR known.fingerprint IS NOT NULL)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('%s keys in the image, none of them published', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'key' AND from_source = 'keys'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
