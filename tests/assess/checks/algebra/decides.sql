-- claim: Every key seen is long enough.
-- remedy: Use longer keys.
-- source: the test of the algebra
-- needs: key of unit from tls
-- power: decides
-- parameter: min_bits integer, bits
SELECT fact,
       CASE WHEN bits IS NULL THEN 'inconclusive' WHEN bits >= :min_bits THEN 'pass' ELSE 'fail' END AS verdict,
       printf('%d bits', coalesce(bits, 0)) AS detail
FROM key;
