-- claim: No user name and password cross the network in clear.
-- remedy: Offer the log-in over HTTPS or SSH only; HTTP Basic, plain forms, Telnet and FTP show the password to anyone on the way.
-- source: EN 303 645 provisions 5.5-6 and 5.5-7
-- needs: login_service of unit from http, ssh, telnet, ftp, onvif, rtsp, snmp, mqtt, coap, sip, dvrip
-- power: refutes
WITH judged AS (
	SELECT fact, subject,
	       iif(encrypted = 0 AND sends_secret = 1, 'fail', 'inconclusive') AS verdict,
	       printf('%s log-in (%s) on port %s: %s', coalesce(protocol, 'unknown'),
	              coalesce(login_service.scheme, 'unknown scheme'), coalesce(port, '?'),
	              iif(encrypted = 0, 'in clear', 'perhaps in clear')) AS detail
	FROM login_service
	LEFT JOIN reference_login_schemes AS known ON known.scheme = login_service.scheme
	WHERE encrypted IS NOT 1 AND sends_secret IS NOT 0)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       CASE WHEN looked.count > 0 THEN printf('the probe %s found log-ins: %d, none sends a password in clear', from_source, looked.count)
            WHEN looked.count = 0 THEN printf('the probe %s found no log-in', from_source) ELSE printf('not known which log-ins the probe %s found', from_source) END
FROM looked
WHERE kind = 'login_service'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
