-- claim: No default or widely known password opens a log-in of the unit.
-- remedy: Ship each unit with a password of its own, or make the user set one before anything else works; remove built-in accounts with fixed passwords.
-- source: EN 303 645 provision 5.1-1; TS 103 701 test case 5.1-1-2
-- needs: login_attempt of unit from default_passwords
-- power: refutes
WITH control AS (
	SELECT subject, address, port, protocol, state, accepted
	FROM login_attempt
	WHERE control = 1),
tried AS (
	SELECT attempt.fact, attempt.subject, attempt.protocol, attempt.port, attempt.user, attempt.password, attempt.source,
	       -- a word that stands in every list is no secret
	       attempt.protocol = 'snmp' AND coalesce(attempt.user, '') = '' AND attempt.origin IN ('common', 'vendor') AS is_public,
	       attempt.accepted, attempt.control, attempt.state, attempt.forced_change,
	       -- the impossible pair was refused here: an accepted pair means something
	       EXISTS (SELECT refused.subject FROM control AS refused
	               WHERE refused.accepted = 0 AND refused.subject = attempt.subject
	                 AND refused.address IS attempt.address AND refused.port = attempt.port
	                 AND refused.protocol = attempt.protocol AND refused.state IS attempt.state)
	       AND NOT EXISTS (SELECT let_in.subject FROM control AS let_in
	                       WHERE let_in.accepted IS NOT 0 AND let_in.subject = attempt.subject
	                         AND coalesce(let_in.port, attempt.port) IS attempt.port
	                         AND coalesce(let_in.protocol, attempt.protocol) IS attempt.protocol
	                         AND coalesce(let_in.address, attempt.address) IS coalesce(attempt.address, let_in.address)) AS means_something,
	       -- another pair opened it as well, and none was refused (asked of the few control pairs alone)
	       CASE WHEN attempt.control = 1 THEN EXISTS (SELECT other.fact FROM login_attempt AS other
	               WHERE other.control = 0 AND other.accepted = 1 AND other.subject = attempt.subject
	                 AND other.address IS attempt.address AND other.port = attempt.port
	                 AND other.protocol = attempt.protocol AND other.state IS attempt.state)
	       AND NOT EXISTS (SELECT other.fact FROM login_attempt AS other
	                       WHERE other.accepted IS NOT 1
	                         AND coalesce(other.subject, attempt.subject) IS attempt.subject
	                         AND coalesce(other.address, attempt.address) IS coalesce(attempt.address, other.address)
	                         AND coalesce(other.port, attempt.port) IS attempt.port
	                         AND coalesce(other.protocol, attempt.protocol) IS attempt.protocol
	                         AND coalesce(other.state, attempt.state) IS coalesce(attempt.state, other.state)) END AS lets_all_in
	FROM login_attempt AS attempt
	-- what the laboratory knows is no guess
	WHERE attempt.accepted IS NOT 0 AND attempt.source IS NOT 'first_use'),
judged AS (
	SELECT fact, subject,
	       CASE WHEN accepted IS NULL OR control IS NULL OR state IS NULL OR source IS NULL THEN 'inconclusive'
	            -- a door that lets in who cannot exist has no lock; a web page may only look like one
	            WHEN control = 1
	            THEN iif(state = 'initialised' AND (protocol IN ('telnet', 'ssh') OR lets_all_in = 1), 'fail', 'inconclusive')
	            WHEN means_something = 0 THEN 'inconclusive'
	            -- before it is set up a unit may have one, if it lets nobody past it unchanged
	            WHEN state = 'factory_default' AND forced_change = 1 THEN 'pass'
	            WHEN state = 'factory_default' THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s on port %s: %s %s%s', coalesce(protocol, 'log-in'), coalesce(port, '?'),
	              CASE WHEN protocol = 'snmp' AND coalesce(user, '') = ''
	                   THEN printf('community "%s"', coalesce(iif(is_public = 1, password, substr(password, 1, 2) || '…'), '?'))
	                   ELSE printf('%s with %s…', coalesce(user, '?'), coalesce(substr(password, 1, 2), '?')) END,
	              CASE WHEN accepted IS NULL THEN 'perhaps accepted'
	                   WHEN control = 1 THEN 'accepted, though it cannot exist'
	                   ELSE 'accepted' END,
	              CASE WHEN state = 'factory_default' AND forced_change = 1 THEN ', only to be changed'
	                   WHEN state = 'factory_default' THEN ' before set-up'
	                   WHEN state IS NULL THEN ', state of the unit unknown'
	                   ELSE '' END) AS detail
	FROM tried)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact,
       iif(complete = 1 AND looked.tried >= required, 'pass', 'inconclusive'),
       CASE WHEN looked.tried > 0 AND required IS NOT NULL THEN printf('tried %d of %d pairs, none accepted', looked.tried, required)
            WHEN looked.tried > 0 THEN printf('tried %d pairs, none accepted', looked.tried)
            WHEN looked.tried = 0 THEN 'no pair was tried' ELSE 'not known which pairs were tried' END
FROM looked
WHERE kind = 'login_attempt' AND from_source = 'default_passwords'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
