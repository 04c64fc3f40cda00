-- claim: Every operator of cloud services, relays and push services whose hosts the firmware names is named in the dossier.
-- remedy: Name each operator, or its hosts, in table 11-ComMech, and in "processing_activities" of table 21-PersData where personal data goes there; remove libraries and addresses of services that the product does not use.
-- source: EN 303 645 provision 5.8-2; TS 103 701 test case 5.8-2-1; firmware/providers.def
-- needs: endpoint_reference of image from endpoint_reference
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1) AS is_read),
-- one row for each operator, with every host of it; of a host whose operator is not known, the host stands for it
service AS (
	SELECT min(fact) AS fact, subject, coalesce(provider, host, '?') AS operator, min(host) AS host, count(DISTINCT host) AS hosts,
	       total(purpose IS NULL) AS unknown,
	       -- its name or one of its hosts stands as a word of its own somewhere in the tables that are about it
	       max(EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IN ('11-ComMech', '21-PersData', '13-SoftServ', '7-UpdMech', '24-TelData', '2-UserInfo')
	                     AND (' ' || lower(ixit.value) || ' ' GLOB '*[^a-z0-9]' || lower(provider) || '[^a-z0-9]*'
	                          OR ' ' || lower(ixit.value) || ' ' GLOB '*[^a-z0-9]' || lower(host) || '[^a-z0-9]*'))) AS declared
	FROM endpoint_reference
	WHERE purpose IS NULL OR purpose IN ('cloud', 'relay', 'push')
	GROUP BY subject, coalesce(provider, host, '?')),
judged AS (
	SELECT fact, subject, iif(declared = 1 AND unknown = 0 AND is_read = 1, 'pass', 'inconclusive') AS verdict,
	       printf('%s (%s%s): %s', operator, coalesce(host, '?'), iif(hosts > 1, printf(' and %d more', hosts - 1), ''),
	              CASE WHEN unknown > 0 THEN 'purpose not known'
	                   WHEN declared = 1 THEN 'named in the dossier' ELSE 'not named in the dossier' END) AS detail
	FROM service
	JOIN dossier)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for hosts of known operators of services'
FROM looked
WHERE kind = 'endpoint_reference' AND from_source = 'endpoint_reference'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject IS looked.subject AND judged.verdict <> 'pass');
