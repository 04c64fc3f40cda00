-- claim: Every update mechanism of the dossier promises authenticity and integrity.
-- remedy: Make the mechanism protect both, then list "authenticity" and "integrity" in "security_guarantees" of table 7-UpdMech.
-- source: EN 303 645 provision 5.3-7; TS 103 701 test cases 5.3-2-1 and 5.3-7-1
-- needs: ixit of dossier from dossier
-- power: refutes
WITH mechanism AS (
	SELECT min(fact) AS fact, entry,
	       max(iif(field = 'security_guarantees', ',' || code || ',', NULL)) AS guarantees
	FROM ixit
	WHERE coalesce(ixit_table, '7-UpdMech') = '7-UpdMech'
	GROUP BY entry)
SELECT fact,
       CASE WHEN guarantees IS NULL THEN 'inconclusive'
            WHEN instr(guarantees, ',authenticity,') > 0 AND instr(guarantees, ',integrity,') > 0 THEN 'pass'
            ELSE 'fail' END                                 AS verdict,
       printf('%s: %s', coalesce(entry, 'an entry'), coalesce(trim(guarantees, ','), 'not said')) AS detail
FROM mechanism;
