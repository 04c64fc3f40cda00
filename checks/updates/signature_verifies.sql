-- claim: The signature of the firmware image verifies with a key that was given for it, not only with one that comes with the image.
-- remedy: Sign the released image with the key that the units verify with, and give the laboratory that public key or certificate (--trust). A key inside the image shows that the image is whole, not who made it.
-- source: EN 303 645 provisions 5.3-9 and 5.3-10; TS 103 701 test case 5.3-9-1
-- needs: update_signature of image from update_signature
-- needs: region of image from unpack
-- needs: file of image from unpack
-- power: refutes
SELECT fact,
       CASE WHEN present IS NULL THEN 'inconclusive'
            WHEN verified = 0 THEN 'fail'
            -- a key that came with the image vouches for whoever put it there
            WHEN verified = 1 AND verified_with <> 'embedded' THEN 'pass'
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s, %s: %s%s', coalesce(container, 'a container'), coalesce(algorithm, scheme, 'unknown scheme'),
              CASE WHEN present IS NULL THEN 'perhaps not signed'
                   WHEN verified = 0 THEN 'does not verify'
                   WHEN verified IS NULL THEN 'not tried or not comparable'
                   WHEN verified_with = 'embedded' THEN 'verified with a key that comes with the image alone'
                   ELSE printf('verified with %s', coalesce(verified_with, 'a key')) END,
              coalesce('; ' || detail, ''))                 AS detail
FROM update_signature
WHERE present IS NOT 0
UNION ALL
SELECT unsigned_part.fact, 'inconclusive', printf('beside the signature: %s', what)
FROM unsigned_part
WHERE subject IN (SELECT signed.subject FROM update_signature AS signed WHERE signed.present = 1);
