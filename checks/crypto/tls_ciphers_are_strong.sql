-- claim: Every TLS service of the product refuses weak cipher suites.
-- remedy: In the settings of the TLS service, allow only suites with AES-GCM or ChaCha20-Poly1305 and ECDHE; remove RC4, DES, 3DES, NULL, EXPORT and anonymous suites.
-- source: RFC 9325 section 4; RFC 7465; data/tls_ciphers.tsv
-- needs: tls_offer of unit from tls
-- power: refutes
SELECT min(tls_offer.fact)                                  AS fact,
       CASE WHEN accepted IS NULL OR rating IS NULL THEN 'inconclusive'
            WHEN rating = 'weak' THEN 'fail'
            ELSE 'pass' END                                 AS verdict,
       printf('%s accepted on port %s: %s', coalesce(cipher, 'unknown suite'), coalesce(port, '?'),
              coalesce(reason, 'not in the list of suites')) AS detail
FROM tls_offer
LEFT JOIN reference_tls_ciphers ON name = cipher
WHERE accepted IS NOT 0
GROUP BY subject, state, address, port, cipher, accepted;
