-- claim: The firmware image holds no password hash of an account that can log in.
-- remedy: Lock the account in the image and set its password on each unit, in the factory or by the user at first start. If it is replaced already, say so in table 10-SecParam: the file in "storage" and how in "provisioning".
-- source: EN 303 645 provisions 5.1-1 and 5.4-3
-- needs: account of image from accounts, service_accounts
-- needs: ixit of dossier from dossier
-- power: refutes
WITH filled AS (
	-- files that the dossier says are filled on each unit, which the unit has to show; or a row that may say so
	SELECT storage.code AS path
	FROM ixit AS storage
	JOIN ixit AS how ON how.ixit_table = storage.ixit_table AND how.entry = storage.entry
	WHERE storage.ixit_table = '10-SecParam' AND storage.field = 'storage'
	  AND how.field = 'provisioning' AND how.code IN ('user', 'unique_per_unit')
	UNION ALL
	SELECT ''
	FROM ixit AS vague
	WHERE vague.ixit_table IS NULL
	   OR (vague.ixit_table = '10-SecParam'
	       AND (vague.entry IS NULL OR vague.field IS NULL
	            OR (vague.code IS NULL AND vague.field IN ('storage', 'provisioning'))))),
shells AS (
	SELECT '/bin/' || name AS shell FROM reference_closed_shells
	UNION ALL SELECT '/sbin/' || name FROM reference_closed_shells
	UNION ALL SELECT '/usr/bin/' || name FROM reference_closed_shells
	UNION ALL SELECT '/usr/sbin/' || name FROM reference_closed_shells),
closed AS (
	-- who has no shell by which passwd file; where a user stands twice, one shell is enough
	SELECT subject, account.user, path
	FROM account
	GROUP BY subject, account.user, path
	HAVING iif(path IS NULL, max(coalesce(shell IN (SELECT shells.shell FROM shells), 0)),
	                         min(coalesce(shell IN (SELECT shells.shell FROM shells), 0))) = 1),
-- by a file that may be any
unplaced AS (
	SELECT subject, closed.user, max(path IS NULL) AS is_there
	FROM closed
	GROUP BY subject, closed.user),
judged AS (
	SELECT account.fact, account.subject,
	       CASE WHEN enabled IS NULL OR scheme IS NULL THEN 'inconclusive'
	            WHEN coalesce(service, 'system') = 'system'
	             AND (closed.path IS NOT NULL OR unplaced.is_there = 1 OR (account.path IS NULL AND unplaced.is_there IS NOT NULL)) THEN 'inconclusive'
	            WHEN EXISTS (SELECT filled.path FROM filled
	                         WHERE coalesce(substr(account.path, -length(filled.path)), filled.path) = filled.path
	                            OR filled.path = '') THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s: %s hash%s%s', coalesce(account.user, '?'), coalesce(scheme, 'unknown'),
	              iif(enabled IS NULL, ', perhaps not in use', ''), iif(account.password IS NULL, '', ', opened by guessing')) AS detail
	FROM account
	LEFT JOIN closed ON closed.subject = account.subject AND closed.user = account.user
	                AND closed.path = rtrim(account.path, replace(account.path, '/', '')) || 'passwd'
	LEFT JOIN unplaced ON unplaced.subject = account.subject AND unplaced.user = account.user
	WHERE enabled IS NOT 0 AND scheme IS NOT 'none' AND scheme IS NOT 'locked')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('%s accounts in the image, none with a hash that opens a log-in', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'account'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
