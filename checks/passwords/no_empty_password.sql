-- claim: No account of the firmware image can log in without a password.
-- remedy: Lock the account in the image ("!" in the password field) until the user or the factory has set a password. If it is set before the product can be used, say so in table 10-SecParam: the file in "storage" and how in "provisioning".
-- source: EN 303 645 provision 5.1-1
-- needs: account of image from accounts, service_accounts
-- needs: ixit of dossier from dossier
-- power: refutes
WITH
-- a row that defers to shadow, of a user with a shell
opened AS (
	SELECT DISTINCT subject, account.user, path
	FROM account
	WHERE scheme = 'none' AND shell NOT IN (SELECT closed_shell.shell FROM closed_shell)),
judged AS (
	SELECT account.fact, account.subject,
	       CASE WHEN empty_password IS NULL THEN 'inconclusive'
	            WHEN EXISTS (SELECT filled_in_later.path FROM filled_in_later
	                         WHERE coalesce(substr(account.path, -length(filled_in_later.path)), filled_in_later.path) = filled_in_later.path
	                            OR filled_in_later.path = '') THEN 'inconclusive'
	            WHEN enabled = 1 THEN 'fail'
	            -- a shadow row counts where the passwd row beside it defers to it and has a shell
	            WHEN opened.path IS NOT NULL THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s: %s', coalesce(account.user, '?'),
	              iif(empty_password = 1, 'no password', 'perhaps no password')) AS detail
	FROM account
	LEFT JOIN closed_account ON closed_account.subject = account.subject AND closed_account.user = account.user
	                AND closed_account.path = rtrim(account.path, replace(account.path, '/', '')) || 'passwd'
	LEFT JOIN opened ON opened.subject = account.subject AND opened.user = account.user
	                AND substr(account.path, -7) = '/shadow'
	                AND opened.path = substr(account.path, 1, length(account.path) - length('shadow')) || 'passwd'
	WHERE enabled IS NOT 0 AND empty_password IS NOT 0
	  -- a passwd row that only points to shadow: no shadow row, no password
	  AND NOT (enabled IS NULL AND empty_password IS NULL AND scheme IS 'none' AND uid IS NOT NULL)
	  -- a shadow row whose user has no shell by the passwd file beside it
	  AND NOT (enabled IS NULL AND shell IS NULL AND closed_account.path IS NOT NULL))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('%s accounts in the image, none open without a password', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'account'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
