-- claim: No programming interface answers on the unit that the dossier does not mention.
-- remedy: Close the interface, or add it to table 28-ExtAPI with the path it answers at.
-- source: TS 103 701 test case 5.13-1-2
-- needs: resource of unit from http
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL OR ixit_table = '28-ExtAPI') AS says_none),
judged AS (
	SELECT seen.fact, seen.subject, seen.state,
	       CASE WHEN EXISTS (SELECT declared.fact FROM ixit AS declared
	                         WHERE declared.ixit_table = '28-ExtAPI' AND seen.name IS NOT NULL
	                           AND (instr(coalesce(declared.value, ''), seen.name) > 0
	                                OR instr(coalesce(declared.code, ''), seen.name) > 0)) THEN 'pass'
	            -- pictures and logs are no interface for programs
	            WHEN says_none = 1 AND seen.needs_login = 0 AND seen.access IN ('write', 'configure') THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s %s on port %s', coalesce(seen.protocol, '?'), coalesce(seen.name, '?'), coalesce(seen.port, '?')) AS detail
	FROM resource AS seen
	JOIN dossier
	WHERE seen.name IS NOT '/' AND seen.needs_login IS NOT 1)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND tried IS NOT NULL, 'pass', 'inconclusive'),
       CASE WHEN tried > 0 THEN printf('paths of the unit''s web servers that were tried: %d', tried)
            WHEN tried = 0 THEN 'no path was tried' ELSE 'not known which paths were tried' END
FROM looked
WHERE kind = 'resource' AND from_source = 'http'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
