-- claim: No log-in of the unit judges more passwords in a minute than the limit.
-- remedy: After a few wrong passwords delay the next answer, or lock the account or the sender for some minutes, the same on every protocol that leads to the account.
-- source: EN 303 645 provision 5.1-5; TS 103 701 test case 5.1-5-2
-- needs: lockout of unit from lockouts
-- needs: ixit of dossier from dossier
-- power: refutes
-- parameter: max_attempts_per_minute integer, passwords judged in a minute
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
seen AS (
	SELECT lockout.fact, lockout.subject, lockout.state, lockout.protocol, lockout.port, lockout.scheme, attempts, window_s,
	       attempts_per_minute, locked, lock_s,
	       EXISTS (SELECT mechanism.entry FROM mechanism
	               WHERE mechanism.protocol = lockout.protocol AND coalesce(mechanism.port + 0, lockout.port) = lockout.port
	                 AND (mechanism.code LIKE '%entropy%' OR mechanism.code LIKE '%second_factor%')) AS is_said_strong
	FROM lockout),
judged AS (
	SELECT seen.fact, seen.subject, seen.state,
	       -- a key needs no limit; how hard a password is to guess, or what else is asked, nobody sees from here
	       is_said_strong = 1 AND coalesce(seen.scheme IN ('key', 'publickey', 'certificate'), 0) AS is_exempt,
	       -- what a lock lets through, before it and after it, is in the rate
	       CASE WHEN attempts_per_minute <= :max_attempts_per_minute THEN 'pass'
	            WHEN is_said_strong = 1 AND coalesce(seen.scheme NOT IN ('key', 'publickey', 'certificate'), 1) THEN 'inconclusive'
	            -- locked a minute or more it judges so many once, and not in each minute
	            WHEN attempts_per_minute > :max_attempts_per_minute AND (locked = 0 OR (locked = 1 AND lock_s < 60))
	             AND is_vague = 0 AND seen.protocol IS NOT NULL AND seen.port IS NOT NULL THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s log-in on port %s: %s passwords judged in %s s, %s a minute%s', coalesce(seen.protocol, 'unknown'),
	              coalesce(seen.port, '?'), coalesce(attempts, 'not known how many'), coalesce(window_s, 'so many'),
	              coalesce(attempts_per_minute, 'not known how many'),
	              CASE locked WHEN 1 THEN printf(', then locked for %s s', coalesce(lock_s, 'more than it was watched')) WHEN 0 THEN ', never locked'
	                   ELSE ', perhaps locked unseen' END) AS detail
	FROM seen
	JOIN vague)
SELECT fact, verdict, detail FROM judged WHERE is_exempt = 0 OR verdict = 'inconclusive'
UNION ALL
SELECT looked.fact, iif(complete = 1 AND (looked.count > 0 OR (looked.count = 0 AND has_login = 0)), 'pass', 'inconclusive'),
       CASE WHEN looked.count > 0 THEN printf('log-ins that were sent wrong passwords: %d', looked.count)
            WHEN looked.count = 0 THEN 'no log-in was sent wrong passwords' || iif(has_login = 1, ', though the dossier may name one', '')
            ELSE 'not known which log-ins were sent wrong passwords' END
FROM looked
JOIN declared_login
WHERE kind = 'lockout'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
