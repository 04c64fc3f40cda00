-- claim: Every elliptic-curve key on the product is on a strong curve.
-- remedy: Generate a new key on P-256, P-384 or Curve25519.
-- source: NIST SP 800-186; RFC 8422 section 5.1.1; data/curves.tsv
-- needs: key of image from keys
-- power: refutes
SELECT key.fact,
       CASE WHEN rating IS NULL THEN 'inconclusive'
            WHEN rating <> 'weak' THEN 'pass'
            -- an example, or a public key of which nobody knows what it verifies
            WHEN EXISTS (SELECT place.place FROM reference_published_key_places AS place
                         WHERE place.publisher = '*' AND key.path GLOB place.place)
              OR own_test_key.fact IS NOT NULL
              OR (private IS NOT 1 AND purpose IS NULL AND coalesce(source, 'keys') = 'keys') THEN 'inconclusive'
            ELSE 'fail' END                                 AS verdict,
       printf('%s key on %s', coalesce(algorithm, 'unknown'), coalesce(curve, 'an unknown curve')) AS detail
FROM key
LEFT JOIN own_test_key ON own_test_key.fact = key.fact
LEFT JOIN reference_curves ON name = lower(curve)
WHERE (curve IS NOT NULL OR algorithm IS NULL OR algorithm IN ('EC', 'ECDSA'))
  AND own_test_key.embedded IS NOT 1;
