-- claim: The product offers no FTP, which carries passwords and files in clear.
-- remedy: Turn the FTP server off, or replace it by SFTP or by FTP over TLS that starts encrypted.
-- source: RFC 959; RFC 2577; TS 103 701 test cases 5.1-3-2 and 5.5-1-2
-- needs: open_port of unit from ports
-- needs: login_service of unit from ftp
-- needs: resource of unit from ftp
-- needs: boot_service of image from boot_services
-- power: refutes
WITH secured AS (
	-- it lets nobody log in before TLS: then only what follows may still be in clear
	SELECT subject, port
	FROM login_service
	WHERE coalesce(protocol, 'ftps') IN ('ftp', 'ftps') AND encrypted IS NOT 0),
judged AS (
	SELECT fact, subject,
	       iif(status = 'open' AND service = 'ftp' AND tls = 0
	           AND NOT EXISTS (SELECT secured.subject FROM secured
	                           WHERE secured.subject = open_port.subject
	                             AND coalesce(secured.port = open_port.port, 1)),
	           'fail', 'inconclusive') AS verdict,
	       printf('port %s is %s: %s', coalesce(port, '?'), coalesce(status, 'perhaps open'),
	              coalesce(service, 'service not recognised')) AS detail
	FROM open_port
	WHERE status IS NOT 'closed' AND status IS NOT 'filtered' AND transport IS NOT 'udp'
	  AND ((service = 'ftp' AND tls IS NOT 1) OR (tls IS NOT 1 AND (service IS NULL OR (service = 'unknown' AND coalesce(port, 21) = 21))))
	UNION ALL
	SELECT fact, subject, iif(encrypted = 0 AND scheme IS NOT NULL AND protocol IS NOT NULL, 'fail', 'inconclusive'),
	       printf('port %s: a %s log-in by FTP in clear', coalesce(port, '?'), coalesce(scheme, '?'))
	FROM login_service
	WHERE coalesce(protocol, 'ftp') = 'ftp' AND encrypted IS NOT 1 AND scheme IS NOT 'none'
	  AND (protocol = 'ftp' OR source IS 'ftp')
	UNION ALL
	SELECT fact, subject, iif(needs_login = 0 AND protocol IS NOT NULL, 'fail', 'inconclusive'),
	       printf('port %s: FTP shows %s to anyone: %s', coalesce(port, '?'), coalesce(name, 'files'), coalesce(detail, ''))
	FROM resource
	WHERE coalesce(protocol, 'ftp') = 'ftp' AND needs_login IS NOT 1 AND (protocol = 'ftp' OR source IS 'ftp')
	UNION ALL
	-- its settings may still demand TLS: a question
	SELECT fact, subject, 'inconclusive',
	       printf('%s is %s at boot', coalesce(command, name, protocol, 'a service'), iif(enabled = 1, 'started', 'perhaps started'))
	FROM boot_service
	WHERE enabled IS NOT 0 AND (protocol = 'ftp' OR coalesce(protocol, name) IS NULL
	       OR name IN ('ftpd', 'vsftpd', 'proftpd', 'pure-ftpd', 'bftpd', 'stupid-ftpd')))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for FTP, found none'
FROM looked
WHERE ((kind = 'open_port' AND from_source = 'ports') OR (kind = 'boot_service' AND from_source = 'boot_services'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
