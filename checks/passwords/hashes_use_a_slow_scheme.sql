-- claim: Passwords are stored with a scheme that makes guessing slow.
-- remedy: Store passwords with yescrypt, bcrypt, scrypt, Argon2 or sha512crypt; replace DES, MD5 and plain text.
-- source: NIST SP 800-63B section 5.1.1.2; crypt(5); data/hash_schemes.tsv
-- needs: account of image from accounts, service_accounts
-- power: refutes
WITH judged AS (
	SELECT account.fact, account.subject,
	       CASE WHEN speed IS NULL THEN 'inconclusive'
	            WHEN speed = 'slow' THEN 'pass'
	            ELSE iif(enabled = 1, 'fail', 'inconclusive') END AS verdict,
	       printf('%s: %s', coalesce(account.user, '?'), coalesce(account.scheme, 'unknown scheme')) AS detail
	FROM account
	LEFT JOIN reference_hash_schemes AS known ON known.scheme = account.scheme
	-- a network's key must be known in clear by whoever opens the network
	WHERE enabled IS NOT 0 AND speed IS NOT 'none' AND service IS NOT 'Wi-Fi')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'no password stored for an account that can log in'
FROM looked
WHERE kind = 'account'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
