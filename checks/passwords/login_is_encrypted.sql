-- claim: Every log-in of the unit is encrypted.
-- remedy: Offer the log-in over HTTPS or SSH only, and turn the plain one off; a redirect from HTTP must come before any log-in form.
-- source: EN 303 645 provisions 5.1-3 and 5.5-7
-- needs: login_service of unit from http, ssh, telnet, ftp, onvif, rtsp, snmp, mqtt, coap, sip, dvrip
-- power: refutes
SELECT fact,
       CASE WHEN encrypted = 1 THEN 'pass'
            WHEN encrypted IS NULL OR sends_secret IS NULL OR asks_secret = 0 THEN 'inconclusive'
            WHEN sends_secret = 1 THEN 'fail'
            -- the secret itself does not travel; it can be guessed from what does
            ELSE iif(reach = 'remote', 'fail', 'inconclusive') END AS verdict,
       printf('%s %s on port %s: %s', coalesce(protocol, 'unknown'),
	              iif(login_service.scheme IS 'none', 'without a log-in', printf('log-in (%s)', coalesce(login_service.scheme, 'unknown scheme'))),
              coalesce(port, '?'), CASE encrypted WHEN 1 THEN 'encrypted' WHEN 0 THEN 'in clear' ELSE 'perhaps in clear' END) AS detail
FROM login_service
LEFT JOIN reference_login_schemes AS known ON known.scheme = login_service.scheme;
