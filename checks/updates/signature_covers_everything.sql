-- claim: The signature of the firmware image covers everything in it.
-- remedy: Sign whole configurations of a FIT (kernel, device tree and ramdisk), put a SHA-256 of every file into the description that is signed, and leave nothing outside it: anybody can exchange what is not covered.
-- source: EN 303 645 provisions 5.3-9 and 5.3-10; TS 103 701 test case 5.3-9-1
-- needs: update_signature of image from update_signature
-- needs: region of image from unpack
-- needs: file of image from unpack
-- power: refutes
SELECT fact,
       CASE WHEN present IS NULL THEN 'inconclusive'
            WHEN covers = 'everything' THEN 'pass'
            WHEN covers = 'part' THEN 'fail'
            -- a signed list of digests: whether the bytes agree with it is not known here
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s covers: %s%s', coalesce(container, 'a container'), coalesce(covers, 'not known'),
              coalesce('; ' || detail, ''))                 AS detail
FROM update_signature
WHERE present IS NOT 0
UNION ALL
SELECT unsigned_part.fact, 'inconclusive', printf('beside the signature: %s', what)
FROM unsigned_part
WHERE subject IN (SELECT signed.subject FROM update_signature AS signed WHERE signed.present = 1);
