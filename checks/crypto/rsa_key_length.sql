-- claim: Every RSA key on the product is long enough.
-- remedy: Generate a longer RSA key, or an elliptic-curve key, on each unit.
-- source: NIST SP 800-57 part 1 table 2
-- needs: key of image from keys
-- power: refutes
-- parameter: min_bits integer, bits
SELECT key.fact,
       CASE WHEN algorithm IS NULL OR bits IS NULL THEN 'inconclusive'
            WHEN bits >= :min_bits THEN 'pass'
            -- an example, or a public key of which nobody knows what it verifies
            WHEN EXISTS (SELECT place.place FROM reference_published_key_places AS place
                         WHERE place.publisher = '*' AND key.path GLOB place.place)
              OR own_test_key.fact IS NOT NULL
              OR (private IS NOT 1 AND purpose IS NULL AND coalesce(source, 'keys') = 'keys') THEN 'inconclusive'
            ELSE 'fail' END                                 AS verdict,
       printf('%s %s bits', coalesce(algorithm, 'unknown algorithm'), coalesce(bits, '?')) AS detail
FROM key
LEFT JOIN own_test_key ON own_test_key.fact = key.fact
WHERE coalesce(algorithm, 'RSA') = 'RSA'
  AND own_test_key.embedded IS NOT 1;
