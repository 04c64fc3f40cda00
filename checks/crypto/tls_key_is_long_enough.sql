-- claim: The keys of the certificates the product shows are long enough.
-- remedy: Generate a new key on each unit: an elliptic-curve key on P-256 or Ed25519, or an RSA key of the required length, and a certificate for it.
-- source: NIST SP 800-57 part 1 table 2; BSI TR-02102-1
-- needs: certificate of unit from tls
-- power: refutes
-- parameter: min_rsa_bits integer, bits
-- parameter: min_ec_bits integer, bits
SELECT certificate.fact                                     AS fact,
       CASE WHEN unit.type IS NULL THEN 'inconclusive'
            WHEN upper(key_algorithm) IN ('ED25519', 'ED448') THEN 'pass'
            WHEN key_bits IS NULL THEN 'inconclusive'
            WHEN upper(key_algorithm) IN ('RSA', 'RSA-PSS', 'RSASSA-PSS', 'DSA')
            THEN iif(key_bits >= :min_rsa_bits, 'pass', 'fail')
            WHEN upper(key_algorithm) IN ('EC', 'ECDSA')
            THEN iif(key_bits >= :min_ec_bits, 'pass', 'fail')
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s: %s %s bits', coalesce(subject_name, 'certificate'), coalesce(key_algorithm, 'unknown algorithm'),
              coalesce(key_bits, '?'))                      AS detail
FROM certificate
LEFT JOIN subject AS unit ON unit.fact = certificate.subject
WHERE coalesce(unit.type, 'unit') = 'unit';
