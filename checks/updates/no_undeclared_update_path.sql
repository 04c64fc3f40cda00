-- claim: The firmware holds no way to update over the network that the dossier does not declare.
-- remedy: Add each way that the product can be updated to table 7-UpdMech, with "over_network" and its protection; remove update clients and addresses that are not used.
-- source: EN 303 645 provision 5.3-10; TS 103 701 test case 5.3-10-1
-- needs: setting of image from update_client
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '7-UpdMech'
	                          AND (entry IS NULL OR field IS NULL OR (code IS NULL AND field = 'over_network')))) AS is_clear),
-- entries that are, or may be, about the network
mechanism AS (
	SELECT entry.entry
	FROM ixit AS entry
	WHERE ixit_table = '7-UpdMech'
	GROUP BY entry.entry
	HAVING max(iif(field = 'over_network', code, NULL)) IS NOT 'no'),
promise AS (
	SELECT count(*) AS mechanisms, (SELECT count(*) FROM ixit WHERE ixit_table = '7-UpdMech') AS rows_of_table
	FROM mechanism),
-- programs made to update, and addresses that are surely for updates
way AS (
	SELECT fact, subject, name, value, confidence
	FROM setting
	WHERE coalesce(name, 'update_client.url') IN ('update_client.url', 'update_client.program')
	  AND (name IS NULL OR coalesce(confidence, 'likely') <> 'possible')),
judged AS (
	SELECT way.fact, way.subject,
	       CASE WHEN name IS NULL OR value IS NULL OR confidence IS NULL OR is_clear = 0 THEN 'inconclusive'
	            -- which program carries out which declared way, a person says where there are more of one than of the other
	            WHEN mechanisms > 0 THEN iif((SELECT count(DISTINCT program.value) FROM way AS program
	                                          WHERE program.subject IS way.subject
	                                            AND coalesce(program.name, 'update_client.program') = 'update_client.program')
	                                         <= mechanisms, 'pass', 'inconclusive')
	            -- an installer may serve a declared local way; an address may not
	            WHEN name = 'update_client.program' OR confidence <> 'certain' OR rows_of_table = 0 THEN 'inconclusive'
	            WHEN EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit') THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s, %s; %d ways over the network declared', coalesce(value, 'a way to update'),
	              coalesce(confidence, 'perhaps') || ' for updates', mechanisms) AS detail
	FROM way
	JOIN dossier
	JOIN promise)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for update clients and their addresses'
FROM looked
WHERE kind = 'setting' AND from_source = 'update_client'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject IS looked.subject AND judged.verdict <> 'pass');
