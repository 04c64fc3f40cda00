-- claim: Every TLS service of the product refuses versions of TLS that are too old.
-- remedy: In the settings of the TLS service, set the lowest version to TLS 1.2 and turn SSL 2.0, SSL 3.0, TLS 1.0 and TLS 1.1 off.
-- source: RFC 8996; RFC 9325 section 3.1
-- needs: tls_offer of unit from tls
-- power: refutes
-- parameter: min_version text, version of TLS
SELECT min(tls_offer.fact)                                  AS fact,
       CASE WHEN accepted IS NULL OR seen.rank IS NULL OR least.rank IS NULL THEN 'inconclusive'
            WHEN seen.rank >= least.rank THEN 'pass'
            ELSE 'fail' END                                 AS verdict,
       printf('%s accepted on port %s with %d suites',
              coalesce(version, 'unknown version'), coalesce(port, '?'), count(cipher)) AS detail
FROM tls_offer
LEFT JOIN reference_tls_versions AS seen ON seen.name = tls_offer.version
LEFT JOIN reference_tls_versions AS least ON least.name = :min_version
WHERE accepted IS NOT 0
GROUP BY subject, state, address, port, version, accepted;
