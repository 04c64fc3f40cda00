-- claim: The host keys of the product's SSH server are long enough.
-- remedy: Generate on each unit, at first start, an Ed25519 host key or an RSA host key of the required length, and remove shorter ones.
-- source: NIST SP 800-57 part 1 table 2; RFC 8332 section 3; RFC 4253 section 6.6
-- needs: key of unit from ssh
-- power: refutes
-- parameter: min_rsa_bits integer, bits
-- parameter: min_ec_bits integer, bits
SELECT key.fact                                             AS fact,
       CASE WHEN unit.type IS NULL THEN 'inconclusive'
            WHEN upper(algorithm) IN ('ED25519', 'ED448') THEN 'pass'
            WHEN bits IS NULL THEN 'inconclusive'
            WHEN upper(algorithm) = 'RSA' THEN iif(bits >= :min_rsa_bits, 'pass', 'fail')
            -- SSH knows DSA with SHA-1 and a subgroup of 160 bits only (RFC 4253 section 6.6)
            WHEN upper(algorithm) = 'DSA' THEN iif(bits >= :min_rsa_bits, 'inconclusive', 'fail')
            WHEN upper(algorithm) IN ('EC', 'ECDSA') THEN iif(bits >= :min_ec_bits, 'pass', 'fail')
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s %s bits on port %s', coalesce(algorithm, 'unknown algorithm'), coalesce(bits, '?'),
              coalesce(key.port, '?'))                      AS detail
FROM key
LEFT JOIN subject AS unit ON unit.fact = key.subject
WHERE coalesce(unit.type, 'unit') = 'unit' AND key.source IS NOT 'tls';
