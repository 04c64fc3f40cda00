-- claim: Under guessing every log-in behaves as the dossier declares.
-- remedy: Make the log-in lock or delay as table 1-AuthMech says in "brute_force_prevention", on every protocol, or correct the table.
-- source: TS 103 701 test case 5.1-5-2
-- needs: lockout of unit from lockouts
-- needs: ixit of dossier from dossier
-- power: decides
-- parameter: max_attempts_per_minute integer, passwords judged in a minute where a delay is declared
WITH vague AS (
	-- an entry that may be about any log-in
	SELECT EXISTS (SELECT ixit.fact FROM ixit
	               WHERE ixit_table IS NULL
	                  OR (ixit_table = '1-AuthMech'
	                      AND (entry IS NULL OR field IS NULL
	                           OR (code IS NULL AND field IN ('protocol', 'port', 'brute_force_prevention')))))
	    OR NOT EXISTS (SELECT looked.fact FROM looked
	                   WHERE looked.kind = 'ixit' AND looked.complete = 1) AS is_vague),
mechanism AS (
	SELECT entry,
	       max(iif(field = 'protocol', code, NULL)) AS protocol,
	       max(iif(field = 'port', code, NULL)) AS port,
	       max(iif(field = 'brute_force_prevention', code, NULL)) AS code
	FROM ixit
	WHERE ixit_table = '1-AuthMech'
	GROUP BY entry),
judged AS (
	SELECT seen.fact, seen.subject, seen.state,
	       CASE WHEN is_vague = 1 OR mechanism.entry IS NULL OR mechanism.code IS NULL THEN 'inconclusive'
	            -- a lock that is over at once stops nobody: what it lets through is in the rate
	            WHEN mechanism.code LIKE '%lockout%' AND locked = 1 AND attempts_per_minute <= :max_attempts_per_minute THEN 'pass'
	            -- fewer attempts than any sensible limit prove nothing
	            WHEN mechanism.code LIKE '%lockout%' THEN iif(locked = 0 AND attempts >= 30, 'fail', 'inconclusive')
	            WHEN attempts_per_minute <= :max_attempts_per_minute THEN 'pass'
	            WHEN mechanism.code LIKE '%delay%' THEN iif(locked = 0 AND attempts_per_minute > :max_attempts_per_minute, 'fail', 'inconclusive')
	            -- a key needs no limit; for a password none, entropy and a second factor say nothing that is seen here
	            WHEN (mechanism.code LIKE '%entropy%' OR mechanism.code LIKE '%second_factor%')
	             AND seen.scheme IN ('key', 'publickey', 'certificate') THEN 'pass'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s log-in on port %s: declared %s; %s passwords judged in %s s, %s a minute, %s', coalesce(seen.protocol, 'unknown'),
	              coalesce(seen.port, '?'), coalesce(mechanism.code, 'nothing'), coalesce(attempts, 'not known how many'), coalesce(window_s, 'so many'),
	              coalesce(attempts_per_minute, 'not known how many'), CASE locked WHEN 1 THEN 'then locked' WHEN 0 THEN 'never locked' ELSE 'perhaps locked unseen' END) AS detail
	FROM lockout AS seen
	JOIN vague
	LEFT JOIN mechanism ON mechanism.protocol = seen.protocol AND coalesce(mechanism.port + 0, seen.port) = seen.port)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND (looked.count > 0 OR (looked.count = 0 AND has_login = 0)), 'pass', 'inconclusive'),
       CASE WHEN looked.count > 0 THEN printf('log-ins that were sent wrong passwords: %d', looked.count)
            WHEN looked.count = 0 THEN 'no log-in was sent wrong passwords' || iif(has_login = 1, ', though the dossier may name one', '')
            ELSE 'not known which log-ins were sent wrong passwords' END
FROM looked
JOIN declared_login
WHERE kind = 'lockout'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
