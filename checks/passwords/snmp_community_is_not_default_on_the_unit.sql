-- claim: No usual SNMP community opens the unit.
-- remedy: Ship the unit without communities, with version 3 and a password of its own, or let the owner set the community before SNMP starts.
-- source: EN 303 645 provision 5.1-1; TS 103 701 test case 5.1-1-2; data/snmp_communities.tsv
-- needs: login_attempt of unit from default_passwords
-- power: refutes
WITH control AS (
	SELECT subject, address, port, protocol, state, accepted
	FROM login_attempt
	WHERE control = 1),
judged AS (
	SELECT attempt.fact, attempt.subject,
	       CASE WHEN attempt.protocol IS NULL OR attempt.accepted IS NULL OR attempt.control IS NOT 0
	              OR attempt.state IS NULL OR attempt.port IS NULL OR attempt.user IS NULL OR attempt.password IS NULL THEN 'inconclusive'
	            -- it answers any community, or nobody knows whether it does
	            WHEN NOT EXISTS (SELECT refused.subject FROM control AS refused
	                             WHERE refused.accepted = 0 AND refused.subject = attempt.subject
	                               AND refused.address IS attempt.address AND refused.port = attempt.port
	                               AND refused.protocol = attempt.protocol AND refused.state IS attempt.state)
	              OR EXISTS (SELECT let_in.subject FROM control AS let_in
	                         WHERE let_in.accepted IS NOT 0 AND let_in.subject = attempt.subject
	                           AND coalesce(let_in.port, attempt.port) IS attempt.port
	                           AND coalesce(let_in.protocol, attempt.protocol) IS attempt.protocol
	                           AND coalesce(let_in.address, attempt.address) IS coalesce(attempt.address, let_in.address)) THEN 'inconclusive'
	            -- before it is set up a unit may have one, if it lets nobody past it unchanged
	            WHEN attempt.state = 'factory_default' AND attempt.forced_change = 1 THEN 'pass'
	            WHEN attempt.state = 'factory_default' THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('port %s: community "%s" %s%s', coalesce(attempt.port, '?'),
	              -- a word that stands in every list is no secret
	              coalesce(iif(attempt.origin IN ('common', 'vendor'), attempt.password, substr(attempt.password, 1, 2) || '…'), '?'),
	              CASE WHEN attempt.accepted IS NULL THEN 'perhaps accepted'
	                   WHEN attempt.control = 1 THEN 'accepted, though nobody set it'
	                   ELSE 'accepted' END,
	              CASE WHEN attempt.state = 'factory_default' THEN ' before set-up'
	                   WHEN attempt.state IS NULL THEN ', state of the unit unknown'
	                   ELSE '' END) AS detail
	FROM login_attempt AS attempt
	WHERE attempt.accepted IS NOT 0 AND coalesce(attempt.protocol, 'snmp') = 'snmp'
	  -- a community has no user; the users of version 3 do not say their password
	  AND coalesce(attempt.user, '') = '')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'no usual community was accepted'
FROM looked
WHERE kind = 'login_attempt' AND from_source = 'default_passwords'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
