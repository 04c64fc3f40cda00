-- claim: In the factory state nobody gets past setting a password, where the dossier says the user sets it.
-- remedy: After the first log-in let nothing be done until the user has set a password, on every protocol; keep the others shut until then.
-- source: EN 303 645 provision 5.1-1; TS 103 701 test case 5.1-1-2
-- needs: login_attempt of unit from first_use
-- needs: ixit of dossier from dossier
-- power: decides
WITH vague AS (
	-- an entry that may be about any log-in
	SELECT EXISTS (SELECT ixit.fact FROM ixit
	               WHERE ixit_table IS NULL
	                  OR (ixit_table = '1-AuthMech'
	                      AND (entry IS NULL OR field IS NULL
	                           OR (code IS NULL AND field IN ('protocol', 'port', 'password_generation')))))
	    OR NOT EXISTS (SELECT looked.fact FROM looked
	                   WHERE looked.kind = 'ixit' AND looked.complete = 1) AS is_vague),
mechanism AS (
	SELECT entry,
	       max(iif(field = 'protocol', code, NULL)) AS protocol,
	       max(iif(field = 'port', code, NULL)) AS port,
	       max(iif(field = 'password_generation', code, NULL)) AS code
	FROM ixit
	WHERE ixit_table = '1-AuthMech'
	GROUP BY entry),
judged AS (
	SELECT seen.fact, seen.subject, seen.state,
	       CASE WHEN seen.accepted IS NULL OR seen.control IS NULL OR seen.state IS NULL THEN 'inconclusive'
	            WHEN forced_change = 1 THEN 'pass'
	            WHEN is_vague = 1 OR mechanism.entry IS NULL OR mechanism.code IS NULL THEN 'inconclusive'
	            -- a password of its own need not be changed
	            WHEN mechanism.code = 'unique_per_unit' THEN 'pass'
	            WHEN mechanism.code = 'user_set' AND forced_change = 0 THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s on port %s, %s: %s%s', coalesce(seen.protocol, 'log-in'), coalesce(seen.port, '?'), coalesce(seen.user, '?'),
	              CASE forced_change WHEN 1 THEN 'let in only to set a new password' WHEN 0 THEN 'let in without a change'
	                   ELSE 'let in, perhaps without a change' END,
	              coalesce(', declared ' || mechanism.code, '')) AS detail
	FROM login_attempt AS seen
	JOIN vague
	LEFT JOIN mechanism ON mechanism.protocol = seen.protocol AND coalesce(mechanism.port + 0, seen.port) = seen.port
	WHERE seen.accepted IS NOT 0 AND seen.control IS NOT 1 AND seen.source IS NOT 'default_passwords'
	  AND coalesce(seen.state, 'factory_default') = 'factory_default')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND looked.state = 'factory_default', 'pass', 'inconclusive'),
       CASE WHEN looked.count > 0 THEN printf('log-ins tried in the factory state: %d', looked.count)
            WHEN looked.count = 0 THEN 'no log-in was tried in the factory state' ELSE 'not known which log-ins were tried in the factory state' END
FROM looked
WHERE kind = 'login_attempt' AND from_source = 'first_use' AND coalesce(looked.state, 'factory_default') = 'factory_default'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
