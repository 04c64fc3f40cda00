-- claim: No key the unit uses on the network lies, with its private half, in the firmware image.
-- remedy: Generate the TLS and SSH keys on each unit at first start; remove those in the image, and replace them on units already sold.
-- source: EN 303 645 provisions 5.4-3 and 5.4-4
-- needs: key of unit from ssh, tls
-- needs: certificate of unit from tls
-- needs: key of image from keys
-- power: refutes
WITH wire AS (
	SELECT fact, subject, fingerprint FROM key
	UNION ALL
	SELECT fact, subject, key_fingerprint FROM certificate),
in_image AS (
	SELECT held.fingerprint, min(held.path) AS path, count(DISTINCT held.path) AS files
	FROM key AS held
	JOIN subject AS image ON image.fact = held.subject AND image.type = 'image'
	WHERE held.private = 1
	GROUP BY held.fingerprint)
SELECT wire.fact                                            AS fact,
       CASE WHEN unit.type IS NULL OR wire.fingerprint IS NULL THEN 'inconclusive'
            WHEN in_image.fingerprint IS NOT NULL THEN 'fail'
            -- a key of the image that may be this one
            WHEN EXISTS (SELECT held.fact FROM key AS held
                         LEFT JOIN subject AS image ON image.fact = held.subject
                         WHERE coalesce(image.type, 'image') = 'image' AND coalesce(held.private, 1) = 1
                           AND coalesce(held.fingerprint, wire.fingerprint) = wire.fingerprint) THEN 'inconclusive'
            WHEN EXISTS (SELECT looked.fact FROM looked
                         WHERE looked.kind = 'key' AND looked.from_source = 'keys' AND looked.complete = 1) THEN 'pass'
            ELSE 'inconclusive' END                         AS verdict,
       printf('key %s', coalesce(substr(wire.fingerprint, 1, 16), 'without fingerprint'))
       || CASE WHEN in_image.files = 1 THEN printf(' lies in the image: %s', in_image.path)
               WHEN in_image.files > 1 THEN printf(' lies in files of the image: %d, one of them %s', in_image.files, in_image.path)
               ELSE '' END AS detail
FROM wire
LEFT JOIN in_image ON in_image.fingerprint = wire.fingerprint
LEFT JOIN subject AS unit ON unit.fact = wire.subject
WHERE coalesce(unit.type, 'unit') = 'unit';
