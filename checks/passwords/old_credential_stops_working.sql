-- claim: A password that was changed no longer opens the log-in.
-- remedy: Take the old password out of every store that a log-in reads (web server, ONVIF, RTSP, shell), and end open sessions, when it is changed.
-- source: EN 303 645 provision 5.1-4; TS 103 701 test case 5.1-4-2
-- needs: credential_change of unit from credential_changes
-- power: decides
WITH judged AS (
	SELECT fact, subject, state,
	       CASE WHEN changed = 1 AND old_still_works = 0 THEN 'pass'
	            WHEN changed = 1 AND new_works = 1 AND old_still_works = 1 THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s, %s: %s; the old password %s', coalesce(protocol, 'log-in'), coalesce(credential_change.user, '?'),
	              CASE changed WHEN 1 THEN 'changed' WHEN 0 THEN 'not changed' ELSE 'perhaps changed' END,
	              CASE old_still_works WHEN 1 THEN 'still works' WHEN 0 THEN 'no longer works' ELSE 'perhaps works' END) AS detail
	FROM credential_change)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND looked.count > 0, 'pass', 'inconclusive'),
       CASE WHEN looked.count > 0 THEN printf('passwords that were changed, or asked to: %d', looked.count)
            WHEN looked.count = 0 THEN 'no password was changed' ELSE 'not known whether a password was changed' END
FROM looked
WHERE kind = 'credential_change'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
