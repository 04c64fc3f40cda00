-- claim: The certificates the product shows are in force, and where it can be reached from outside somebody else vouches for them.
-- remedy: Renew the certificate before it ends. For a service reached from the internet, use one issued by a certification authority, and set the clock before TLS starts.
-- source: RFC 5280 section 4.1.2.5; TS 103 701 test case 5.5-1-2
-- needs: certificate of unit from tls
-- power: refutes
SELECT shown.fact                                           AS fact,
       CASE WHEN unit.type IS NULL OR shown.not_after IS NULL THEN 'inconclusive'
            WHEN shown.not_after < :now THEN 'fail'
            WHEN shown.not_before IS NULL OR shown.reach IS NULL THEN 'inconclusive'
            WHEN shown.not_before > :now THEN iif(shown.reach = 'remote', 'fail', 'inconclusive')
            -- on a local network no authority can vouch: the key being the unit's own is what counts
            WHEN shown.reach = 'local' OR shown.self_signed = 0 THEN 'pass'
            WHEN EXISTS (SELECT leaf.fact FROM certificate AS leaf
                         WHERE leaf.subject = shown.subject AND leaf.port = shown.port
                           AND leaf.issuer_name = shown.subject_name AND leaf.self_signed = 0) THEN 'pass'
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s: %s%s', coalesce(shown.subject_name, 'certificate'),
              CASE WHEN shown.not_after < :now THEN 'expired'
                   WHEN shown.not_before > :now THEN 'not yet in force'
                   WHEN shown.not_after IS NULL OR shown.not_before IS NULL THEN 'validity unknown'
                   ELSE 'in force' END,
              iif(shown.self_signed = 1, ', self-signed', '')) AS detail
FROM certificate AS shown
LEFT JOIN subject AS unit ON unit.fact = shown.subject
WHERE coalesce(unit.type, 'unit') = 'unit';
