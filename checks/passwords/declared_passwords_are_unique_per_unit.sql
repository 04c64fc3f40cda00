-- claim: Every password of the dossier that the user does not set is different on each unit.
-- remedy: Generate the password on each unit or in the factory, one a unit, or have the user set it; then put "unique_per_unit" or "user_set" in "password_generation" of table 1-AuthMech.
-- source: EN 303 645 provision 5.1-1; TS 103 701 test case 5.1-1-1
-- needs: ixit of dossier from dossier
-- power: refutes
WITH mechanism AS (
	SELECT min(fact) AS fact, entry,
	       max(iif(field = 'authentication_factor', code, NULL)) AS factor,
	       max(iif(field = 'password_generation', code, NULL)) AS generation
	FROM ixit
	WHERE coalesce(ixit_table, '1-AuthMech') = '1-AuthMech'
	GROUP BY entry)
SELECT fact,
       CASE WHEN factor IS NULL OR (factor IN ('password', 'pin') AND generation IS NULL) THEN 'inconclusive'
            WHEN factor NOT IN ('password', 'pin') THEN 'pass'
            WHEN generation IN ('user_set', 'unique_per_unit') THEN 'pass'
            WHEN generation = 'common' THEN 'fail'
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s: %s, %s', coalesce(entry, 'an entry'), coalesce(factor, 'factor not said'),
              coalesce(generation, 'making not said'))      AS detail
FROM mechanism;
