-- claim: Every certificate the product shows is signed with a strong hash.
-- remedy: Issue the certificate anew with SHA-256 or stronger (openssl: -sha256).
-- source: NIST SP 800-131A r2 table 8; RFC 9155; data/certificate_hashes.tsv
-- needs: certificate of unit from tls
-- power: refutes
SELECT shown.fact                                           AS fact,
       CASE WHEN unit.type IS NULL THEN 'inconclusive'
            WHEN rating = 'strong' THEN 'pass'
            WHEN upper(shown.key_algorithm) IN ('ED25519', 'ED448') AND shown.self_signed = 1 THEN 'pass'
            WHEN rating IS NULL THEN 'inconclusive'
            WHEN shown.self_signed = 0 OR shown.is_ca = 0 THEN 'fail'
            WHEN shown.self_signed IS NULL OR shown.is_ca IS NULL THEN 'inconclusive'
            -- nobody relies on the signature of a root that stands behind another certificate
            WHEN EXISTS (SELECT leaf.fact FROM certificate AS leaf
                         WHERE leaf.subject = shown.subject AND leaf.port = shown.port
                           AND leaf.issuer_name = shown.subject_name AND leaf.self_signed = 0) THEN 'pass'
            WHEN EXISTS (SELECT leaf.fact FROM certificate AS leaf
                         WHERE leaf.subject = shown.subject AND leaf.fact <> shown.fact
                           AND coalesce(leaf.port, shown.port) IS coalesce(shown.port, leaf.port)
                           AND coalesce(leaf.issuer_name, shown.subject_name) IS coalesce(shown.subject_name, leaf.issuer_name)
                           AND leaf.self_signed IS NOT 1) THEN 'inconclusive'
            ELSE 'fail' END                                 AS verdict,
       printf('%s signed with %s', coalesce(shown.subject_name, 'certificate'),
              coalesce(shown.signature_hash, 'an unknown hash')) AS detail
FROM certificate AS shown
LEFT JOIN subject AS unit ON unit.fact = shown.subject
LEFT JOIN reference_certificate_hashes AS hash ON hash.name = upper(replace(replace(shown.signature_hash, '-', ''), '/', ''))
WHERE coalesce(unit.type, 'unit') = 'unit';
