-- claim: Every encrypted or log-in service seen on the unit uses the cryptography that the dossier declares for it, or better.
-- remedy: Either make the service as strong as tables 1-AuthMech and 11-ComMech say (protocol, port, tls_minimum), or correct the tables; a service that is missing there must be added.
-- source: TS 103 701 test cases 5.5-1-2 and 5.1-3-2
-- needs: tls_offer of unit from tls
-- needs: ssh_offer of unit from ssh
-- needs: login_service of unit from http, ssh, telnet, ftp, onvif, rtsp, snmp, mqtt, coap, sip, dvrip
-- needs: ixit of dossier from dossier
-- power: decides
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table IN ('1-AuthMech', '11-ComMech')
	                          AND (entry IS NULL OR field IS NULL
	                               OR (code IS NULL AND field IN ('protocol', 'port', 'cryptographic_details'))))) AS is_clear),
declared AS (
	SELECT at.fact, at.subject, at.entry, at.code AS port, protocol.code AS protocol, details.code AS details,
	       kind.encrypted, least.rank
	FROM ixit AS at
	LEFT JOIN ixit AS protocol ON protocol.ixit_table = at.ixit_table AND protocol.entry = at.entry
	                          AND protocol.field = 'protocol'
	LEFT JOIN ixit AS details ON details.ixit_table = at.ixit_table AND details.entry = at.entry
	                         AND details.field = 'cryptographic_details'
	LEFT JOIN reference_protocols AS kind ON kind.protocol = protocol.code
	LEFT JOIN reference_tls_versions AS least
	       ON instr(',' || details.code || ',', ',tls_minimum=' || least.name || ',') > 0
	WHERE at.ixit_table IN ('1-AuthMech', '11-ComMech') AND at.field = 'port'),
-- one row for each service seen and each entry about its port: met is 1, 0 (weaker than declared), or unknown
compared AS (
	SELECT min(tls_offer.fact) AS fact, tls_offer.subject, tls_offer.port,
	       iif(tls_offer.accepted = 1, seen.rank >= declared.rank, NULL) AS met,
	       coalesce(tls_offer.version, 'TLS') AS what, coalesce(declared.details, 'nothing') AS said
	FROM tls_offer
	LEFT JOIN reference_tls_versions AS seen ON seen.name = tls_offer.version
	LEFT JOIN declared ON declared.port = tls_offer.port
	WHERE tls_offer.accepted IS NOT 0
	GROUP BY tls_offer.subject, tls_offer.state, tls_offer.address, tls_offer.port, tls_offer.version,
	         tls_offer.accepted, declared.fact
	UNION ALL
	SELECT min(ssh_offer.fact), ssh_offer.subject, ssh_offer.port, iif(declared.protocol = 'ssh', 1, NULL),
	       'SSH', coalesce(declared.protocol, 'nothing')
	FROM ssh_offer
	LEFT JOIN declared ON declared.port = ssh_offer.port
	GROUP BY ssh_offer.subject, ssh_offer.state, ssh_offer.address, ssh_offer.port, declared.fact
	UNION ALL
	SELECT login_service.fact, login_service.subject, login_service.port,
	       CASE WHEN login_service.scheme = 'basic' AND login_service.encrypted = 0
	             AND instr(declared.details, 'digest=') > 0 THEN 0
	            WHEN login_service.encrypted = declared.encrypted THEN 1
	            WHEN login_service.encrypted = 0 AND declared.encrypted = 1 THEN 0 END,
	       printf('%s log-in, %s', coalesce(login_service.protocol, 'unknown'),
	              CASE login_service.encrypted WHEN 1 THEN 'encrypted' WHEN 0 THEN 'in clear' ELSE 'perhaps in clear' END),
	       coalesce(declared.protocol, 'nothing')
	FROM login_service
	LEFT JOIN declared ON declared.port = login_service.port),
judged AS (
	SELECT compared.fact,
	       CASE WHEN min(met) = 0 THEN 'fail'
	            WHEN count(*) > count(met) OR is_clear = 0 THEN 'inconclusive'
	            ELSE 'pass' END AS verdict,
	       printf('%s seen on port %s, declared: %s', what, coalesce(compared.port, '?'), max(said)) AS detail
	FROM compared, dossier
	GROUP BY compared.fact
	UNION ALL
	SELECT declared.fact, 'inconclusive',
	       printf('%s: declared on port %s, seen on no unit', declared.entry, declared.port)
	FROM declared
	WHERE (declared.encrypted = 1 OR declared.rank IS NOT NULL)
	  AND NOT EXISTS (SELECT compared.fact FROM compared WHERE compared.port = declared.port))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND is_clear = 1, 'pass', 'inconclusive'), 'all services that use TLS were looked at'
FROM looked, dossier
WHERE kind = 'tls_offer' AND from_source = 'tls'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.verdict <> 'pass');
