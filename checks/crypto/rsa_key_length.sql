-- claim: Every RSA key on the product is long enough.
-- remedy: Generate a longer RSA key, or an elliptic-curve key, on each unit.
-- source: NIST SP 800-57 part 1 table 2
-- needs: key of image from keys
-- power: refutes
-- parameter: min_bits integer, bits
SELECT fact,
       CASE WHEN algorithm IS NULL OR bits IS NULL THEN 'inconclusive'
            WHEN bits >= :min_bits THEN 'pass'
            ELSE 'fail' END                                 AS verdict,
       printf('%s %s bits', coalesce(algorithm, 'unknown algorithm'), coalesce(bits, '?')) AS detail
FROM key
WHERE coalesce(algorithm, 'RSA') = 'RSA';
