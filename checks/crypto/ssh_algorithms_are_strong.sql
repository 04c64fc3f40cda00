-- claim: The SSH server of the product offers no weak algorithm.
-- remedy: Restrict KexAlgorithms, HostKeyAlgorithms, Ciphers and MACs of the SSH server: no SHA-1 host key signatures, DSA, 1024-bit groups, 3DES, RC4 or MD5.
-- source: RFC 9142; RFC 8332; RFC 8758; data/ssh_algorithms.tsv
-- needs: ssh_offer of unit from ssh
-- power: refutes
SELECT fact,
       CASE WHEN rating IS NULL THEN 'inconclusive'
            WHEN rating = 'weak' THEN 'fail'
            ELSE 'pass' END                                 AS verdict,
       printf('%s %s: %s', coalesce(ssh_offer.class, 'unknown class'), coalesce(ssh_offer.name, '?'),
              coalesce(reason, 'not in the list of algorithms')) AS detail
FROM ssh_offer
LEFT JOIN reference_ssh_algorithms AS known ON known.class = ssh_offer.class AND known.name = ssh_offer.name;
