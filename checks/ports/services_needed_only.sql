-- claim: Every network service the image starts is declared as enabled by default in the dossier, with a reason.
-- remedy: Take services that no function needs out of the start scripts; write the others into table 13-SoftServ with status "enabled" and the function that needs them.
-- source: TS 103 701 test case 5.6-5-1; data/transports.tsv
-- needs: boot_service of image from boot_services
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '13-SoftServ' AND (entry IS NULL OR field IS NULL
	                                                          OR (code IS NULL AND field = 'status')))) AS is_clear),
declared AS (
	SELECT entry, min(code) AS status,
	       -- between blanks: httpd is no word of lighttpd
	       ' ' || replace(replace(replace(replace(replace(replace(lower(entry), '-', ' '), ',', ' '), '/', ' '), ':', ' '), '(', ' '), ')', ' ')
	           || ' ' AS words
	FROM ixit
	WHERE ixit_table = '13-SoftServ' AND field = 'status'
	GROUP BY entry),
service AS (
	SELECT boot_service.fact, boot_service.subject, boot_service.enabled, name, boot_service.protocol,
	       (SELECT max(CASE WHEN declared.entry IS NULL THEN 3 WHEN declared.status = 'enabled' THEN 2
	                    WHEN declared.status = 'disabled' THEN 1 ELSE 3 END)
	        FROM declared
	        WHERE lower(declared.entry) IN (lower(name), lower(boot_service.protocol))
	           OR instr(declared.words, ' ' || replace(lower(name), '-', ' ') || ' ') > 0
	           OR declared.entry IS NULL) AS said
	FROM boot_service
	LEFT JOIN reference_transports AS known ON known.protocol = boot_service.protocol
	WHERE boot_service.enabled IS NOT 0
	  AND (known.transport IN ('tcp', 'udp') OR listen_port IS NOT NULL OR coalesce(boot_service.protocol, name) IS NULL)
	  AND coalesce(listen_address, '') NOT LIKE '127.%' AND coalesce(listen_address, '') NOT IN ('::1', '[::1]', 'localhost'))
SELECT service.fact,
       CASE WHEN coalesce(service.protocol, service.name) IS NULL THEN 'inconclusive'
            WHEN said = 2 AND is_clear = 1 THEN 'pass'
            -- declared off, and surely started
            WHEN said = 1 AND service.name IS NOT NULL AND service.protocol IS NOT NULL AND service.enabled = 1 AND is_clear = 1
             AND NOT EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit')
            THEN 'fail'
            ELSE 'inconclusive' END AS verdict,
       printf('%s is %s at boot, %s in table 13-SoftServ', coalesce(service.name, service.protocol, 'a service'),
              iif(service.enabled = 1, 'started', 'perhaps started'),
              CASE said WHEN 2 THEN 'enabled' WHEN 1 THEN 'disabled' WHEN 3 THEN 'without status' ELSE 'not named' END) AS detail
FROM service
JOIN dossier
UNION ALL
SELECT looked.fact, iif(complete = 1 AND is_clear = 1, 'pass', 'inconclusive'), 'the image starts no network service'
FROM looked
JOIN dossier
WHERE kind = 'boot_service' AND from_source = 'boot_services'
  AND NOT EXISTS (SELECT service.fact FROM service WHERE service.subject = looked.subject);
