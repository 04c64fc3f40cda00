-- claim: The unit's SNMP server answers no usual community name, and no user without a password.
-- remedy: Turn versions 1 and 2c off, give each user of version 3 a password for authentication and one for privacy (authPriv), or leave SNMP out.
-- source: RFC 3410 section 6; RFC 3414 section 1.4; RFC 3584; TS 103 701 test cases 5.5-1-2 and 5.5-6-2
-- needs: resource of unit from snmp
-- needs: login_attempt of unit from default_passwords
-- power: refutes
WITH control AS (
	SELECT subject, address, port, protocol, state, accepted
	FROM login_attempt
	WHERE control = 1),
judged AS (
	SELECT attempt.fact, attempt.subject,
	       CASE WHEN attempt.protocol IS NULL OR attempt.accepted IS NULL OR attempt.control IS NOT 0
	              OR attempt.state IS NULL OR attempt.port IS NULL OR attempt.user IS NULL THEN 'inconclusive'
	            WHEN NOT EXISTS (SELECT refused.subject FROM control AS refused
	                             WHERE refused.accepted = 0 AND refused.subject = attempt.subject
	                               AND refused.address IS attempt.address AND refused.port = attempt.port
	                               AND refused.protocol = attempt.protocol AND refused.state IS attempt.state)
	              OR EXISTS (SELECT let_in.subject FROM control AS let_in
	                         WHERE let_in.accepted IS NOT 0 AND let_in.subject = attempt.subject
	                           AND coalesce(let_in.port, attempt.port) IS attempt.port
	                           AND coalesce(let_in.protocol, attempt.protocol) IS attempt.protocol
	                           AND coalesce(let_in.address, attempt.address) IS coalesce(attempt.address, let_in.address)) THEN 'inconclusive'
	            WHEN attempt.state <> 'initialised' THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('port %s %s the community "%s" in clear', coalesce(attempt.port, '?'),
	              iif(attempt.accepted = 1, 'answers', 'perhaps answers'),
	              -- a word that stands in every list is no secret
	              coalesce(iif(attempt.origin IN ('common', 'vendor'), attempt.password, substr(attempt.password, 1, 2) || '…'), '?')) AS detail
	FROM login_attempt AS attempt
	WHERE attempt.accepted IS NOT 0 AND coalesce(attempt.protocol, 'snmp') = 'snmp'
	  -- a community has no user; the users of version 3 do not say their password
	  AND coalesce(attempt.user, '') = ''
	UNION ALL
	SELECT resource.fact, resource.subject,
	       CASE WHEN protocol IS NULL OR needs_login IS NULL OR resource.state IS NULL OR access IS NULL
	              OR resource.state <> 'initialised' THEN 'inconclusive'
	            ELSE 'fail' END,
	       printf('port %s: %s %s to a stranger%s', coalesce(resource.port, '?'), coalesce(name, '?'),
	              iif(needs_login = 0, 'is open', 'may be open'), coalesce(', ' || resource.detail, ''))
	FROM resource
	WHERE needs_login IS NOT 1 AND coalesce(protocol, 'snmp') = 'snmp')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for SNMP without authentication, found none'
FROM looked
WHERE ((kind = 'resource' AND from_source = 'snmp') OR (kind = 'login_attempt' AND from_source = 'default_passwords'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
