-- claim: The firmware image holds no private key.
-- remedy: Remove the private key from the image and generate one on each unit at first start. A key that is in the image is the same on every unit, and anyone can take it out.
-- source: EN 303 645 provisions 5.4-3 and 5.4-4
-- needs: key of image from keys
-- power: refutes
WITH judged AS (
	SELECT key.fact, key.subject,
	       iif(private = 1 AND image.type = 'image', 'fail', 'inconclusive') AS verdict,
	       printf('%s %s key of %s bits%s', iif(private = 1, 'private', 'perhaps private'), coalesce(algorithm, 'unknown'),
	              coalesce(bits, '?'), iif(encrypted = 1, ', under a passphrase', '')) AS detail
	FROM key
	LEFT JOIN subject AS image ON image.fact = key.subject
	WHERE coalesce(image.type, 'image') = 'image' AND private IS NOT 0)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('%s keys in the image, none private', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'key' AND from_source = 'keys'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
