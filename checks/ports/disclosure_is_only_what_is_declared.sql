-- claim: Before log-in the unit tells nobody more than the dossier declares.
-- remedy: Remove versions, serial numbers and user lists from banners, headers and pages shown before log-in, or list them in "disclosed_information" of the interface in table 15-Intf.
-- source: TS 103 701 test case 5.6-2-2; data/disclosure_types.tsv
-- needs: disclosure of unit from http, ssh, telnet, ftp, onvif, rtsp, upnp, mdns, snmp, sip
-- needs: ixit of dossier from dossier
-- power: decides
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '15-Intf'
	                          AND (entry IS NULL OR field IS NULL
	                               OR (code IS NULL AND field IN ('port', 'disclosed_information'))))) AS is_clear),
declared AS (
	SELECT at.code AS port, told.code AS types
	FROM ixit AS at
	LEFT JOIN ixit AS told ON told.ixit_table = '15-Intf' AND told.entry = at.entry AND told.field = 'disclosed_information'
	WHERE at.ixit_table = '15-Intf' AND at.field = 'port'),
judged AS (
	SELECT disclosure.fact, disclosure.subject, disclosure.state,
	       CASE WHEN disclosure.port IS NULL OR disclosure.type IS NULL THEN 'inconclusive'
	            WHEN weight = 'forced' THEN 'pass'
	            WHEN max(instr(',' || types || ',', ',' || replace(lower(disclosure.type), ' ', '_') || ',') > 0) = 1 THEN 'pass'
	            WHEN is_clear = 0 OR count(types) < count(*) OR weight IS NOT 'relevant'
	              -- an SSH server has to name its software (RFC 4253 section 4.2)
	              OR coalesce(disclosure.protocol, 'ssh') = 'ssh' THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s on port %s: %s', coalesce(disclosure.type, 'something'), coalesce(disclosure.port, '?'),
	              coalesce(disclosure.value, '?')) AS detail
	FROM disclosure
	JOIN dossier
	LEFT JOIN reference_disclosure_types AS known ON known.type = replace(lower(disclosure.type), ' ', '_')
	LEFT JOIN declared ON declared.port = disclosure.port
	GROUP BY disclosure.fact)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND is_clear = 1, 'pass', 'inconclusive'),
       printf('looked at what %s tells before log-in', coalesce(from_source, 'the unit'))
FROM looked
JOIN dossier
WHERE kind = 'disclosure'
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
