-- claim: No log-in of the unit sends its password in clear, and no remote shell opens without one.
-- remedy: Replace HTTP Basic and plain forms by a log-in over HTTPS, and remove Telnet or any shell that asks for nothing.
-- source: RFC 7617 section 4; RFC 7616; RFC 854; data/login_schemes.tsv
-- needs: login_service of unit from http, ssh, telnet, ftp, onvif, rtsp, snmp, mqtt, coap, sip, dvrip
-- power: refutes
SELECT fact,
       CASE WHEN asks_secret IS NULL THEN 'inconclusive'
            WHEN asks_secret = 0 THEN iif(protocol IN ('telnet', 'ssh'), 'fail', 'inconclusive')
            WHEN sends_secret = 0 OR encrypted = 1 THEN 'pass'
            WHEN encrypted = 0 THEN 'fail'
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s log-in on port %s: %s, %s', coalesce(protocol, 'unknown'), coalesce(port, '?'),
              coalesce(login_service.scheme, 'unknown scheme'),
              CASE encrypted WHEN 1 THEN 'encrypted' WHEN 0 THEN 'in clear' ELSE 'perhaps in clear' END) AS detail
FROM login_service
LEFT JOIN reference_login_schemes AS known ON known.scheme = login_service.scheme;
