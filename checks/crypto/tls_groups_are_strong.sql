-- claim: Every TLS service of the product agrees on keys in strong groups only.
-- remedy: In the settings of the TLS service, allow only the groups x25519, x448, secp256r1, secp384r1, secp521r1 and their hybrids with ML-KEM.
-- source: RFC 8422 section 5.1.1; RFC 7919; RFC 9325 section 4.2; data/tls_groups.tsv
-- needs: tls_parameter of unit from tls
-- power: refutes
WITH judged AS (
	SELECT min(tls_parameter.fact) AS fact, subject,
	       CASE WHEN class IS NULL OR accepted IS NULL OR rating IS NULL OR rating = 'old' THEN 'inconclusive'
	            WHEN rating = 'weak' THEN 'fail'
	            ELSE 'pass' END                             AS verdict,
	       printf('%s accepted on port %s: %s', coalesce(tls_parameter.name, 'unknown group'), coalesce(port, '?'),
	              coalesce(reason, 'not in the list of groups')) AS detail
	FROM tls_parameter
	LEFT JOIN reference_tls_groups AS known ON known.name = tls_parameter.name
	WHERE coalesce(class, 'group') = 'group' AND accepted IS NOT 0
	GROUP BY subject, state, address, port, class, tls_parameter.name, accepted)
SELECT fact, verdict, detail FROM judged
UNION ALL
-- a good product passes by what was looked at, and says so
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'tried every group, found no weak one'
FROM looked
WHERE kind = 'tls_parameter' AND from_source = 'tls'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
