-- claim: Every elliptic-curve key on the product is on a strong curve.
-- remedy: Generate a new key on P-256, P-384 or Curve25519.
-- source: NIST SP 800-186; RFC 8422 section 5.1.1; data/curves.tsv
-- needs: key of image from keys
-- power: refutes
SELECT fact,
       CASE WHEN rating IS NULL THEN 'inconclusive'
            WHEN rating <> 'weak' THEN 'pass'
            -- an example, or a public key of which nobody knows what it verifies
            WHEN EXISTS (SELECT place.place FROM reference_published_key_places AS place
                         WHERE place.publisher = '*' AND key.path GLOB place.place)
              OR (private IS NOT 1 AND purpose IS NULL AND coalesce(source, 'keys') = 'keys') THEN 'inconclusive'
            ELSE 'fail' END                                 AS verdict,
       printf('%s key on %s', coalesce(algorithm, 'unknown'), coalesce(curve, 'an unknown curve')) AS detail
FROM key
LEFT JOIN reference_curves ON name = lower(curve)
WHERE (curve IS NOT NULL OR algorithm IS NULL OR algorithm IN ('EC', 'ECDSA'))
  -- the key of a program's self-test, in that program
  AND NOT EXISTS (SELECT known.name FROM reference_compromised_keys AS known
                  JOIN reference_published_key_places AS place ON place.publisher = known.publisher
                  WHERE known.fingerprint = key.fingerprint AND place.there = 'own test' AND key.path GLOB place.place);
