-- claim: No account of the firmware image can log in without a password.
-- remedy: Lock the account in the image ("!" in the password field) until the user or the factory has set a password. If it is set before the product can be used, say so in table 10-SecParam: the file in "storage" and how in "provisioning".
-- source: EN 303 645 provision 5.1-1
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
closed AS (
	-- who has no shell by which passwd file; where a user stands twice, one shell is enough
	SELECT DISTINCT account.subject, account.user, account.path
	FROM account
	JOIN reference_closed_shells ON account.shell IN ('/bin/' || name, '/sbin/' || name, '/usr/bin/' || name, '/usr/sbin/' || name)
	WHERE NOT EXISTS (SELECT twin.fact FROM account AS twin
	                  WHERE twin.subject = account.subject AND twin.user = account.user AND twin.path = account.path
	                    AND NOT EXISTS (SELECT name FROM reference_closed_shells
	                                    WHERE twin.shell IN ('/bin/' || name, '/sbin/' || name, '/usr/bin/' || name, '/usr/sbin/' || name)))),
judged AS (
	SELECT account.fact, account.subject,
	       CASE WHEN empty_password IS NULL THEN 'inconclusive'
	            WHEN EXISTS (SELECT filled.path FROM filled
	                         WHERE coalesce(substr(account.path, -length(filled.path)), filled.path) = filled.path
	                            OR filled.path = '') THEN 'inconclusive'
	            WHEN enabled = 1 THEN 'fail'
	            -- a shadow row counts where the passwd row beside it defers to it and has a shell
	            WHEN EXISTS (SELECT row.fact FROM account AS row
	                         WHERE row.subject = account.subject AND row.user = account.user AND row.scheme = 'none'
	                           AND substr(account.path, -7) = '/shadow'
	                           AND row.path = substr(account.path, 1, length(account.path) - length('shadow')) || 'passwd'
	                           AND row.shell IS NOT NULL
	                           AND NOT EXISTS (SELECT name FROM reference_closed_shells
	                                           WHERE row.shell IN ('/bin/' || name, '/sbin/' || name, '/usr/bin/' || name, '/usr/sbin/' || name))) THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s: %s', coalesce(account.user, '?'),
	              iif(empty_password = 1, 'no password', 'perhaps no password')) AS detail
	FROM account
	WHERE enabled IS NOT 0 AND empty_password IS NOT 0
	  -- a passwd row that only points to shadow: no shadow row, no password
	  AND NOT (enabled IS NULL AND empty_password IS NULL AND scheme IS 'none' AND uid IS NOT NULL)
	  -- a shadow row whose user has no shell by the passwd file beside it
	  AND NOT (enabled IS NULL AND shell IS NULL
	           AND EXISTS (SELECT closed.user FROM closed
	                       WHERE closed.subject = account.subject AND closed.user = account.user
	                         AND closed.path = rtrim(account.path, replace(account.path, '/', '')) || 'passwd')))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('%s accounts in the image, none open without a password', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'account'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
