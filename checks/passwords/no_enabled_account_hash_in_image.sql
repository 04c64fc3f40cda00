-- claim: The firmware image holds no password hash of an account that can log in.
-- remedy: Lock the account in the image and set its password on each unit, in the factory or by the user at first start. If it is replaced already, say so in table 10-SecParam: the file in "storage" and how in "provisioning".
-- source: EN 303 645 provisions 5.1-1 and 5.4-3
-- needs: account of image from accounts, service_accounts
-- needs: ixit of dossier from dossier
-- power: refutes
WITH
-- by a file that may be any
unplaced AS (
	SELECT subject, closed_account.user, max(path IS NULL) AS is_there
	FROM closed_account
	GROUP BY subject, closed_account.user),
judged AS (
	SELECT account.fact, account.subject,
	       CASE WHEN enabled IS NULL OR scheme IS NULL THEN 'inconclusive'
	            WHEN coalesce(service, 'system') = 'system'
	             AND (closed_account.path IS NOT NULL OR unplaced.is_there = 1 OR (account.path IS NULL AND unplaced.is_there IS NOT NULL)) THEN 'inconclusive'
	            WHEN EXISTS (SELECT filled_in_later.path FROM filled_in_later
	                         WHERE coalesce(substr(account.path, -length(filled_in_later.path)), filled_in_later.path) = filled_in_later.path
	                            OR filled_in_later.path = '') THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s: %s hash%s%s', coalesce(account.user, '?'), coalesce(scheme, 'unknown'),
	              iif(enabled IS NULL, ', perhaps not in use', ''), iif(account.password IS NULL, '', ', opened by guessing')) AS detail
	FROM account
	LEFT JOIN closed_account ON closed_account.subject = account.subject AND closed_account.user = account.user
	                AND closed_account.path = rtrim(account.path, replace(account.path, '/', '')) || 'passwd'
	LEFT JOIN unplaced ON unplaced.subject = account.subject AND unplaced.user = account.user
	WHERE enabled IS NOT 0 AND scheme IS NOT 'none' AND scheme IS NOT 'locked')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('%s accounts in the image, none with a hash that opens a log-in', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'account'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
