-- claim: Every elliptic-curve key on the product is on a strong curve.
-- remedy: Generate a new key on P-256, P-384 or Curve25519.
-- source: NIST SP 800-186; RFC 8422 section 5.1.1; data/curves.tsv
-- needs: key of image from keys
-- power: refutes
SELECT fact,
       CASE WHEN rating IS NULL THEN 'inconclusive'
            WHEN rating = 'weak' THEN 'fail'
            ELSE 'pass' END                                 AS verdict,
       printf('%s key on %s', coalesce(algorithm, 'unknown'), coalesce(curve, 'an unknown curve')) AS detail
FROM key
LEFT JOIN reference_curves ON name = lower(curve)
WHERE curve IS NOT NULL OR algorithm IS NULL OR algorithm IN ('EC', 'ECDSA');
