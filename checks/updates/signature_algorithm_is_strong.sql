-- claim: The signature of the firmware image uses a strong hash and a long enough key.
-- remedy: Sign with Ed25519, with ECDSA on P-256, or with RSA of the required length, and SHA-256 or stronger.
-- source: NIST SP 800-131A r2; NIST SP 800-57 part 1 table 2; data/certificate_hashes.tsv
-- needs: update_signature of image from update_signature
-- power: refutes
-- parameter: min_rsa_bits integer, bits
-- parameter: min_ec_bits integer, bits
WITH signature AS (
	SELECT fact, present, scheme, algorithm, key_bits,
	       CASE WHEN scheme IN ('rsa', 'ecdsa', 'ed25519') THEN scheme
	            WHEN lower(algorithm) LIKE '%ed25519%' THEN 'ed25519'
	            WHEN lower(algorithm) LIKE '%ecdsa%' THEN 'ecdsa'
	            WHEN lower(algorithm) LIKE '%rsa%' THEN 'rsa' END AS family,
	       (SELECT max(rating = 'weak') FROM reference_certificate_hashes
	        WHERE instr(replace(upper(algorithm), '-', ''), name) > 0) AS is_weak
	FROM update_signature
	WHERE present IS NOT 0)
SELECT fact,
       CASE WHEN present IS NULL THEN 'inconclusive'
            WHEN is_weak = 1 THEN 'fail'
            WHEN is_weak IS NULL OR family IS NULL THEN 'inconclusive'
            WHEN family = 'ed25519' THEN 'pass'
            WHEN key_bits IS NULL THEN 'inconclusive'
            WHEN key_bits < iif(family = 'rsa', :min_rsa_bits, :min_ec_bits) THEN 'fail'
            ELSE 'pass' END                                 AS verdict,
       printf('%s, %s, %s bits', coalesce(scheme, 'unknown scheme'), coalesce(algorithm, 'unknown algorithm'),
              coalesce(key_bits, '?'))                      AS detail
FROM signature;
