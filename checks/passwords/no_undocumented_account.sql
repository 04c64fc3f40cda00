-- claim: Every account of the firmware image that can log in is named in the dossier.
-- remedy: Remove or lock the account, or name it in field "user" of an entry of table 1-AuthMech.
-- source: EN 303 645 provisions 5.1-1 and 5.4-3; TS 103 701 test case 5.1-1-2
-- needs: account of image from accounts, service_accounts
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   -- the dossier names accounts at all, and no row may be one more name
	   AND EXISTS (SELECT named.fact FROM ixit AS named WHERE named.ixit_table = '1-AuthMech' AND named.field = 'user')
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '1-AuthMech' AND (field IS NULL OR (field = 'user' AND code IS NULL)))) AS is_clear),
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
	       CASE WHEN enabled IS NULL OR account.user IS NULL OR scheme IS NULL THEN 'inconclusive'
	            WHEN EXISTS (SELECT named.fact FROM ixit AS named
	                         WHERE named.ixit_table = '1-AuthMech' AND named.field = 'user'
	                           AND instr(',' || named.code || ',', ',' || account.user || ',') > 0) THEN 'pass'
	            WHEN is_clear = 0 THEN 'inconclusive'
	            WHEN coalesce(service, 'system') = 'system'
	             AND EXISTS (SELECT closed.user FROM closed
	                         WHERE closed.subject = account.subject AND closed.user = account.user
	                           AND coalesce(closed.path = rtrim(account.path, replace(account.path, '/', '')) || 'passwd', 1)) THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s%s', coalesce(account.user, '?'), iif(enabled IS NULL, ', perhaps not in use', '')) AS detail
	FROM account
	JOIN dossier
	WHERE enabled IS NOT 0 AND scheme IS NOT 'locked' AND service IS NOT 'Wi-Fi'
	  -- a service that asks for the system's password of that user
	  AND NOT (enabled IS NULL AND scheme IS 'none' AND empty_password IS 0)
	  AND NOT (enabled IS NULL AND empty_password IS NULL AND scheme IS 'none' AND uid IS NOT NULL))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'no account of the image can log in'
FROM looked
WHERE kind = 'account'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
