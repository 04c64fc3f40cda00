-- claim: The SSH server of the product offers no weak algorithm.
-- remedy: Restrict KexAlgorithms, HostKeyAlgorithms, Ciphers and MACs of the SSH server: no SHA-1 host key signatures, DSA, 1024-bit groups, 3DES, RC4 or MD5, no SSH-1; keep primes of 2048 bits and more in the list of groups.
-- source: RFC 9142; RFC 8332; RFC 8758; RFC 8270 section 2; data/ssh_algorithms.tsv
-- needs: ssh_offer of unit from ssh
-- power: refutes
SELECT fact,
       CASE -- the primes a server hands out when it is asked for short ones
            WHEN ssh_offer.class = 'gex_bits' AND CAST(ssh_offer.name AS integer) > 0
                 THEN iif(CAST(ssh_offer.name AS integer) >= 2048, 'pass', 'fail')
            WHEN rating IS NULL OR rating = 'unclear' THEN 'inconclusive'
            WHEN rating = 'weak' THEN 'fail'
            ELSE 'pass' END                                 AS verdict,
       printf('%s %s: %s', coalesce(ssh_offer.class, 'unknown class'), coalesce(ssh_offer.name, '?'),
              CASE WHEN ssh_offer.class = 'gex_bits' THEN 'prime of a group exchange'
                   ELSE coalesce(reason, 'not in the list of algorithms') END) AS detail
FROM ssh_offer
LEFT JOIN reference_ssh_algorithms AS known ON known.class = ssh_offer.class AND known.name = ssh_offer.name;
