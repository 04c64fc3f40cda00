-- claim: No debug interface is open in the firmware as shipped: no shell or log-in on a serial line, no Android Debug Bridge, no boot menu.
-- remedy: Remove getty and shells on serial lines from inittab or systemd, set bootdelay=-2 and no console= in the boot loader, and start adbd only in engineering builds.
-- source: EN 303 645 provision 5.6-4; TS 103 701 test cases 5.6-4-1 and 5.6-4-2
-- needs: boot_service of image from boot_services
-- needs: setting of image from boot_loader
-- power: refutes
WITH judged AS (
	SELECT fact, subject,
	       -- a serial line within the casing is a question; a debug bridge is open by a plain cable, or by the network
	       iif(protocol = 'adb' AND enabled = 1
	           AND NOT EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit'),
	           'fail', 'inconclusive') AS verdict,
	       printf('%s is %s at boot%s', coalesce(command, name, 'a console'), iif(enabled = 1, 'started', 'perhaps started'),
	              CASE WHEN protocol IS NOT 'console' THEN ''
	                   WHEN name IN ('sh', 'ash', 'bash') OR command LIKE '% -n root%' OR command LIKE '%-a root%'
	                     OR command LIKE '%autologin%' OR command LIKE '%login -f%' OR command LIKE '%/bin/sh%'
	                   THEN ': a shell without log-in on the console' ELSE ': a log-in on the console' END) AS detail
	FROM boot_service
	WHERE enabled IS NOT 0 AND (protocol IN ('console', 'adb')
	                               OR (protocol IS NULL AND coalesce(name, 'adbd') IN ('adbd', 'getty', 'agetty', 'sulogin')))
	UNION ALL
	SELECT fact, subject, 'inconclusive',
	       CASE name WHEN 'boot_loader.bootdelay' THEN printf('the boot loader waits %s s for a key', coalesce(value, '?'))
	                 WHEN 'boot_loader.console' THEN printf('the kernel is told to talk on %s', coalesce(value, '?'))
	                 ELSE 'a setting without a name' END
	FROM setting
	WHERE (coalesce(name, 'boot_loader.bootdelay') = 'boot_loader.bootdelay' AND coalesce(value, '1') NOT IN ('0', '-1', '-2'))
	   OR (name = 'boot_loader.console' AND coalesce(value, 'tty') NOT LIKE 'null%' AND coalesce(value, 'tty') NOT LIKE 'tty0%'
	       AND coalesce(value, 'tty') NOT LIKE 'tty1%'))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for consoles and debug bridges, found none'
FROM looked
WHERE ((kind = 'boot_service' AND from_source = 'boot_services') OR (kind = 'setting' AND from_source = 'boot_loader'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
