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
-- by a file that may be any
unplaced AS (
	SELECT subject, closed_account.user, max(path IS NULL) AS is_there
	FROM closed_account
	GROUP BY subject, closed_account.user),
judged AS (
	SELECT account.fact, account.subject,
	       CASE WHEN enabled IS NULL OR account.user IS NULL OR scheme IS NULL THEN 'inconclusive'
	            WHEN EXISTS (SELECT named.fact FROM ixit AS named
	                         WHERE named.ixit_table = '1-AuthMech' AND named.field = 'user'
	                           AND instr(',' || named.code || ',', ',' || account.user || ',') > 0) THEN 'pass'
	            WHEN is_clear = 0 THEN 'inconclusive'
	            WHEN coalesce(service, 'system') = 'system'
	             AND (closed_account.path IS NOT NULL OR unplaced.is_there = 1 OR (account.path IS NULL AND unplaced.is_there IS NOT NULL)) THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s%s', coalesce(account.user, '?'), iif(enabled IS NULL, ', perhaps not in use', '')) AS detail
	FROM account
	JOIN dossier
	LEFT JOIN closed_account ON closed_account.subject = account.subject AND closed_account.user = account.user
	                AND closed_account.path = rtrim(account.path, replace(account.path, '/', '')) || 'passwd'
	LEFT JOIN unplaced ON unplaced.subject = account.subject AND unplaced.user = account.user
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
