-- claim: The settings of the SSH server in the firmware image let nobody in with an empty password.
-- remedy: Set "PermitEmptyPasswords no" in sshd_config, also in its Match blocks, and lock every account that has no password.
-- source: sshd_config(5); EN 303 645 provision 5.1-1; TS 103 701 test case 5.1-1-2
-- needs: setting of image from settings
-- needs: boot_service of image from boot_services
-- needs: account of image from accounts
-- power: refutes
WITH line AS (
	SELECT fact, subject, path, name, lower(value) AS value, substr(path, instr(path, '/etc/')) AS place
	FROM setting
	WHERE name IS NULL OR name IN ('sshd.PermitEmptyPasswords', 'sshd.Match.PermitEmptyPasswords')),
judged AS (
	SELECT fact, subject,
	       CASE WHEN name IS NULL OR value IS NULL THEN 'inconclusive'
	            WHEN value = 'no' THEN 'pass'
	            -- for some log-ins alone
	            WHEN value <> 'yes' OR name <> 'sshd.PermitEmptyPasswords' THEN 'inconclusive'
	            -- the first line counts: one that says otherwise may be it; without passwords, nor is there an empty one
	            WHEN EXISTS (SELECT other.fact FROM setting AS other
	                         WHERE other.subject = line.subject
	                           AND coalesce(other.name, line.name) IN (line.name, 'sshd.PasswordAuthentication', 'sshd.AuthenticationMethods')
	                           AND coalesce(lower(other.value), 'no') <> 'yes') THEN 'inconclusive'
	            -- where a unit is under test, it decides whether and how the server really runs
	            WHEN EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit') THEN 'inconclusive'
	            -- a server that surely starts and surely reads this file, and somebody whom it lets in
	            WHEN EXISTS (SELECT starts.fact FROM boot_service AS starts
	                         WHERE starts.subject = line.subject AND starts.name = 'sshd' AND starts.enabled = 1
	                           AND (instr(starts.command, place) > 0
	                                OR (instr(line.path, '/etc/ssh/') > 0 AND instr(starts.command, '_config') = 0)))
	             AND EXISTS (SELECT open.fact FROM account AS open
	                         WHERE open.subject = line.subject AND open.empty_password = 1 AND open.enabled = 1
	                           AND (open.path LIKE '%/etc/shadow' OR open.path LIKE '%/etc/passwd')) THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s %s', coalesce(name, 'a setting'), coalesce(value, '?')) AS detail
	FROM line)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for settings of SSH servers that allow empty passwords'
FROM looked
WHERE ((kind = 'boot_service' AND from_source = 'boot_services') OR (kind = 'setting' AND from_source = 'settings')
       OR (kind = 'account' AND from_source = 'accounts'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
