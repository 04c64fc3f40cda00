-- claim: No password that lies in the firmware image opens a log-in of the unit that is set up.
-- remedy: Replace the embedded password on each unit before it can be used, and refuse it afterwards.
-- source: EN 303 645 provision 5.4-3; TS 103 701 test case 5.4-3-2
-- needs: login_attempt of unit from default_passwords
-- needs: account of image from accounts, service_accounts
-- power: decides
WITH tried AS (
	SELECT attempt.fact, attempt.subject, attempt.user, attempt.password,
	       CASE WHEN attempt.accepted = 0 AND attempt.state = 'initialised' THEN 'pass'
	            WHEN attempt.accepted = 1 AND attempt.state = 'initialised'
	             AND EXISTS (SELECT refused.fact FROM login_attempt AS refused
	                         WHERE refused.control = 1 AND refused.accepted = 0 AND refused.subject = attempt.subject
	                           AND refused.port = attempt.port AND refused.protocol = attempt.protocol
	                           AND refused.state = attempt.state) THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s on port %s: %s with %s… of the image %s', coalesce(attempt.protocol, 'log-in'), coalesce(attempt.port, '?'),
	              coalesce(attempt.user, '?'), coalesce(substr(attempt.password, 1, 2), '?'),
	              CASE attempt.accepted WHEN 0 THEN 'refused' WHEN 1 THEN 'accepted' ELSE 'perhaps accepted' END) AS detail
	FROM login_attempt AS attempt
	-- before it is set up the value may still be in use
	WHERE attempt.origin = 'firmware' AND coalesce(attempt.state, 'initialised') = 'initialised'),
judged AS (
	SELECT fact, verdict, detail FROM tried
	UNION ALL
	-- what nobody could try, or did not
	SELECT account.fact, 'inconclusive',
	       printf('password of %s: %s', coalesce(account.user, '?'), iif(account.password IS NULL, 'not known', 'not tried'))
	FROM account
	LEFT JOIN tried ON tried.user = account.user AND tried.password = account.password
	WHERE account.enabled IS NOT 0 AND account.scheme IS NOT 'none' AND account.scheme IS NOT 'locked'
	  AND account.service IS NOT 'Wi-Fi' AND tried.fact IS NULL)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact,
       iif(complete = 1 AND looked.tried >= required AND looked.state = 'initialised', 'pass', 'inconclusive'),
       'no password of the image opened anything'
FROM looked
WHERE kind = 'login_attempt' AND from_source = 'default_passwords' AND coalesce(looked.state, 'initialised') = 'initialised'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.verdict <> 'pass');
