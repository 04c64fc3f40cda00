-- claim: No password opens the same account on two units.
-- remedy: Set the password of each unit in the factory, one a unit and not derived from anything printed or sent, or have the user set it.
-- source: EN 303 645 provisions 5.1-1 and 5.1-2
-- needs: login_attempt of unit from default_passwords
-- needs: account of image from accounts, service_accounts
-- power: refutes
WITH control AS (
	SELECT subject, address, port, protocol, state, accepted
	FROM login_attempt
	WHERE control = 1),
opened AS (
	SELECT attempt.fact, attempt.subject, attempt.protocol, attempt.user, attempt.password, attempt.accepted, attempt.origin,
	       attempt.state, attempt.forced_change, unit.serial,
	       EXISTS (SELECT refused.subject FROM control AS refused
	               WHERE refused.accepted = 0 AND refused.subject = attempt.subject
	                 AND refused.address IS attempt.address AND refused.port = attempt.port
	                 AND refused.protocol = attempt.protocol AND refused.state IS attempt.state)
	       AND NOT EXISTS (SELECT let_in.subject FROM control AS let_in
	                       WHERE let_in.accepted IS NOT 0 AND let_in.subject = attempt.subject
	                         AND coalesce(let_in.port, attempt.port) IS attempt.port
	                         AND coalesce(let_in.protocol, attempt.protocol) IS attempt.protocol
	                         AND coalesce(let_in.address, attempt.address) IS coalesce(attempt.address, let_in.address))
	       AND attempt.control = 0 AS means_something
	FROM login_attempt AS attempt
	LEFT JOIN subject AS unit ON unit.fact = attempt.subject
	WHERE attempt.accepted IS NOT 0 AND attempt.control IS NOT 1
	  -- what the laboratory knows is no guess
	  AND attempt.source IS NOT 'first_use'),
hashes AS (
	SELECT account.user, hash, min(subject) AS first, max(subject) AS last
	FROM account
	WHERE enabled IS NOT 0
	GROUP BY account.user, hash),
passwords AS (
	SELECT account.user, password, min(subject) AS first, max(subject) AS last
	FROM account
	WHERE enabled IS NOT 0
	GROUP BY account.user, password),
judged AS (
	SELECT opened.fact, opened.subject,
	       CASE WHEN opened.state IS NULL OR twin.state IS NULL OR opened.accepted IS NULL OR twin.accepted IS NULL
	              OR opened.means_something IS NOT 1 OR twin.means_something IS NOT 1
	              OR opened.serial = twin.serial THEN 'inconclusive'
	            -- before set-up it may be the same, if nobody gets past it unchanged
	            WHEN 'factory_default' IN (opened.state, twin.state)
	            THEN iif(opened.forced_change = 1 AND twin.forced_change = 1, 'pass', 'inconclusive')
	            ELSE 'fail' END AS verdict,
	       printf('%s: %s opens another unit too', coalesce(opened.protocol, 'log-in'),
	              -- a word that stands in every list is no secret
	              CASE WHEN opened.protocol = 'snmp' AND opened.user = '' AND opened.origin IN ('common', 'vendor')
	                   THEN printf('community "%s"', coalesce(opened.password, '?'))
	                   ELSE printf('%s with %s…', coalesce(opened.user, '?'), coalesce(substr(opened.password, 1, 2), '?')) END) AS detail
	FROM opened
	JOIN opened AS twin ON twin.user = opened.user AND twin.password = opened.password AND twin.subject <> opened.subject
	UNION ALL
	SELECT opened.fact, opened.subject, 'inconclusive', 'a log-in without its user name or password'
	FROM opened
	WHERE opened.user IS NULL OR opened.password IS NULL
	UNION ALL
	-- two images with one hash, or one password: a question, for each image alone fails where nothing replaces it
	SELECT account.fact, account.subject, 'inconclusive',
	       printf('%s: the same %s in another image', account.user,
	              iif(hashes.first <> account.subject OR hashes.last <> account.subject, 'hash', 'password'))
	FROM account
	LEFT JOIN hashes ON hashes.user = account.user AND hashes.hash = account.hash
	LEFT JOIN passwords ON passwords.user = account.user AND passwords.password = account.password
	WHERE enabled IS NOT 0 AND account.hash IS NOT NULL AND scheme IS NOT 'locked'
	  AND (hashes.first <> account.subject OR hashes.last <> account.subject
	       OR passwords.first <> account.subject OR passwords.last <> account.subject))
SELECT fact, verdict, min(detail) AS detail FROM judged
GROUP BY fact, verdict
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'no password opens this unit and another'
FROM looked
WHERE kind = 'login_attempt' AND from_source = 'default_passwords'
  AND EXISTS (SELECT other.fact FROM looked AS other
              WHERE other.kind = 'login_attempt' AND other.from_source = 'default_passwords'
                AND other.subject <> looked.subject)
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.verdict <> 'pass');
