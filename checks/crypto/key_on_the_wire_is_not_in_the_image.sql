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
	SELECT fact, subject, key_fingerprint FROM certificate)
SELECT wire.fact                                            AS fact,
       CASE WHEN unit.type IS NULL OR wire.fingerprint IS NULL THEN 'inconclusive'
            WHEN EXISTS (SELECT held.fact FROM key AS held
                         JOIN subject AS image ON image.fact = held.subject AND image.type = 'image'
                         WHERE held.private = 1 AND held.fingerprint = wire.fingerprint) THEN 'fail'
            -- a key of the image that may be this one
            WHEN EXISTS (SELECT held.fact FROM key AS held
                         LEFT JOIN subject AS image ON image.fact = held.subject
                         WHERE coalesce(image.type, 'image') = 'image' AND coalesce(held.private, 1) = 1
                           AND coalesce(held.fingerprint, wire.fingerprint) = wire.fingerprint) THEN 'inconclusive'
            WHEN EXISTS (SELECT looked.fact FROM looked
                         WHERE looked.kind = 'key' AND looked.from_source = 'keys' AND looked.complete = 1) THEN 'pass'
            ELSE 'inconclusive' END                         AS verdict,
       printf('key %s', coalesce(substr(wire.fingerprint, 1, 16), 'without fingerprint')) AS detail
FROM wire
LEFT JOIN subject AS unit ON unit.fact = wire.subject
WHERE coalesce(unit.type, 'unit') = 'unit';
