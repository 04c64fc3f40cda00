-- claim: Every operator of statistics and crash reports whose hosts the firmware names is named in the dossier.
-- remedy: Add what is reported to the operator to table 24-TelData, with its purpose, and tell consumers; or remove the library that reports.
-- source: EN 303 645 provision 6-5; TS 103 701 test case 6-5-2; firmware/providers.def
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
	                   WHERE ixit_table IN ('24-TelData', '11-ComMech', '21-PersData', '2-UserInfo')
	                     AND (' ' || lower(ixit.value) || ' ' GLOB '*[^a-z0-9]' || lower(provider) || '[^a-z0-9]*'
	                          OR ' ' || lower(ixit.value) || ' ' GLOB '*[^a-z0-9]' || lower(host) || '[^a-z0-9]*'))) AS declared
	FROM endpoint_reference
	WHERE purpose IS NULL OR purpose IN ('telemetry')
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
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for hosts of operators of statistics and crash reports'
FROM looked
WHERE kind = 'endpoint_reference' AND from_source = 'endpoint_reference'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject IS looked.subject AND judged.verdict <> 'pass');
