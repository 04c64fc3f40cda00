-- claim: A password that is changed on the unit works afterwards.
-- remedy: Let the user change the password of every log-in, and let the new one take effect at once on each protocol that leads to the account.
-- source: EN 303 645 provision 5.1-4; TS 103 701 test case 5.1-4-2
-- needs: credential_change of unit from credential_changes
-- power: decides
WITH judged AS (
	SELECT fact, subject, state,
	       CASE WHEN changed = 1 AND new_works = 1 THEN 'pass'
	            WHEN changed = 1 AND new_works = 0 THEN 'fail'
	            -- this way is refused; the documented one may be another
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s, %s: %s, and the new password %s', coalesce(protocol, 'log-in'), coalesce(credential_change.user, '?'),
	              CASE changed WHEN 1 THEN 'changed' WHEN 0 THEN 'not changed' ELSE 'perhaps changed' END,
	              CASE new_works WHEN 1 THEN 'works' WHEN 0 THEN 'does not work' ELSE 'perhaps works' END) AS detail
	FROM credential_change)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND looked.count > 0, 'pass', 'inconclusive'),
       CASE WHEN looked.count > 0 THEN printf('passwords that were changed, or asked to: %d', looked.count)
            WHEN looked.count = 0 THEN 'no password was changed' ELSE 'not known whether a password was changed' END
FROM looked
WHERE kind = 'credential_change'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
