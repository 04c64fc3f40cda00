-- claim: Where a TLS service of the product agrees on keys by Diffie-Hellman over a prime, the prime is long enough.
-- remedy: Turn the DHE suites off in favour of ECDHE, or give the TLS service a prime of the required length, such as ffdhe3072 of RFC 7919.
-- source: RFC 9325 section 4.1; NIST SP 800-57 part 1 table 2; CVE-2015-4000 (Logjam)
-- needs: tls_parameter of unit from tls
-- power: refutes
-- parameter: min_dh_bits integer, bits
WITH judged AS (
	SELECT min(fact) AS fact, subject,
	       CASE WHEN class IS NULL OR accepted IS NULL OR name IS NULL OR name NOT GLOB '[1-9]*' THEN 'inconclusive'
	            WHEN CAST(name AS INTEGER) >= :min_dh_bits THEN 'pass'
	            ELSE 'fail' END                             AS verdict,
	       printf('Diffie-Hellman over %s bits on port %s', coalesce(name, '?'), coalesce(port, '?')) AS detail
	FROM tls_parameter
	WHERE coalesce(class, 'dh_bits') = 'dh_bits' AND accepted IS NOT 0
	GROUP BY subject, state, address, port, class, name, accepted)
SELECT fact, verdict, detail FROM judged
UNION ALL
-- a good product passes by what was looked at, and says so
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for short Diffie-Hellman primes, found none'
FROM looked
WHERE kind = 'tls_parameter' AND from_source = 'tls'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
