-- claim: No TLS service of the product has a known weakness, such as Heartbleed, POODLE, ROBOT, RC4 or compression.
-- remedy: Update the TLS library of the product, turn SSL, RC4, 3DES, export, anonymous and NULL suites and compression off, and use Diffie-Hellman primes of at least 2048 bits.
-- source: RFC 7457; RFC 9325; data/tls_weaknesses.tsv; TS 103 701 test cases 5.1-3-2, 5.5-1-2, 5.5-7-2
-- needs: tls_weakness of unit from tls
-- power: refutes
WITH judged AS (
	SELECT min(tls_weakness.fact) AS fact, subject,
	       CASE WHEN present = 1 AND rating = 'weak' THEN 'fail'
	            ELSE 'inconclusive' END                     AS verdict,
	       printf('%s on port %s%s: %s', coalesce(tls_weakness.name, 'a weakness'), coalesce(port, '?'),
	              iif(present = 1, '', ' is not told'),
	              coalesce(min(detail) || ', ', '') || coalesce(reason, 'not in the list of weaknesses')) AS detail
	FROM tls_weakness
	LEFT JOIN reference_tls_weaknesses AS known ON known.name = tls_weakness.name
	WHERE present IS NOT 0
	GROUP BY subject, state, address, port, tls_weakness.name, present)
SELECT fact, verdict, detail FROM judged
UNION ALL
-- a good product passes by what was looked at, and says so
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'tried the known weaknesses of TLS, found none'
FROM looked
WHERE kind = 'tls_weakness' AND from_source = 'tls'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
