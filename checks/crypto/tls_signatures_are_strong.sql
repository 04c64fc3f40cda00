-- claim: No TLS service of the product signs with a broken or withdrawn algorithm.
-- remedy: In the settings of the TLS service, allow only signatures with SHA-256 or better, by RSA, ECDSA or EdDSA; remove MD5, SHA-1 and DSA.
-- source: RFC 9155; RFC 8446 section 4.2.3; data/tls_signatures.tsv
-- needs: tls_parameter of unit from tls
-- power: refutes
WITH judged AS (
	SELECT min(tls_parameter.fact) AS fact, subject,
	       CASE WHEN class IS NULL OR accepted IS NULL OR rating IS NULL OR rating = 'old' THEN 'inconclusive'
	            WHEN rating = 'weak' THEN 'fail'
	            ELSE 'pass' END                             AS verdict,
	       printf('%s accepted on port %s: %s', coalesce(tls_parameter.name, 'unknown signature scheme'), coalesce(port, '?'),
	              coalesce(reason, 'not in the list of signature schemes')) AS detail
	FROM tls_parameter
	LEFT JOIN reference_tls_signatures AS known ON known.name = tls_parameter.name
	WHERE coalesce(class, 'signature_algorithm') = 'signature_algorithm' AND accepted IS NOT 0
	GROUP BY subject, state, address, port, class, tls_parameter.name, accepted)
SELECT fact, verdict, detail FROM judged
UNION ALL
-- a good product passes by what was looked at, and says so
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'tried every signature scheme, found no weak one'
FROM looked
WHERE kind = 'tls_parameter' AND from_source = 'tls'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
