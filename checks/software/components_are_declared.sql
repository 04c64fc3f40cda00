-- claim: The third-party components found in the firmware are named in the dossier.
-- remedy: Name each component in table 6-SoftComp, in prose or as a list of names in "code"; one entry with the code "whole_image" covers all that is in the image.
-- source: TS 103 701 test case 5.3-1-1, table 6-SoftComp
-- needs: component of image from components, packages, kernel, distribution, embedded, go_modules
-- needs: ixit of dossier from dossier
-- needs: identity of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit WHERE ixit_table IS NULL) AS is_clear,
	       EXISTS (SELECT identity.fact FROM identity WHERE identity.name = 'ixit_table' AND identity.value = '6-SoftComp') AS has_table,
	       EXISTS (SELECT ixit.fact FROM ixit WHERE ixit_table = '6-SoftComp') AS has_entries,
	       EXISTS (SELECT ixit.fact FROM ixit WHERE ixit_table = '6-SoftComp' AND code = 'whole_image') AS is_whole),
words AS (
	SELECT lower(coalesce(value, '') || ' ' || coalesce(code, '') || ' ' || coalesce(entry, '')) AS words
	FROM ixit
	WHERE ixit_table = '6-SoftComp' OR ixit_table = '12-NetSecImpl'),
one AS (
	SELECT min(component.fact) AS fact, component.subject, name, max(confidence = 'certain') AS is_certain,
	       -- as a word, which a number may follow ("python3"); a name that is a pattern names nothing
	       EXISTS (SELECT words.words FROM words
	               WHERE name NOT GLOB '*[*?[]*'
	                 AND ' ' || words.words || ' ' GLOB '*[^a-z0-9]' || lower(name) || '[^a-z]*') AS is_named
	FROM component
	WHERE confidence IS NOT 'possible' AND confidence IS NOT 'likely'
	GROUP BY component.subject, name),
image AS (
	SELECT min(one.fact) AS fact, one.subject, count(*) AS seen, total(is_named = 0) AS unnamed,
	       min(iif(is_named = 0, name, NULL)) AS first, max(iif(is_named = 0, name, NULL)) AS last,
	       max(is_certain) AS is_certain, count(*) - count(name) AS nameless
	FROM one
	GROUP BY one.subject)
SELECT fact,
       CASE WHEN is_clear = 0 OR has_table = 0 THEN 'inconclusive'
            WHEN is_whole = 1 THEN 'pass'
            -- a table that is there and empty says that there are none
            WHEN has_entries = 0 AND is_certain = 1 AND nameless = 0 THEN 'fail'
            WHEN unnamed = 0 AND nameless = 0 THEN 'pass'
            ELSE 'inconclusive' END                         AS verdict,
       CASE WHEN has_entries = 0 THEN printf('table 6-SoftComp names none; %d are in the image, from %s to %s', seen, first, last)
            WHEN unnamed = 0 OR is_whole = 1 THEN printf('%d components', seen)
            ELSE printf('%d of %d components are not named in table 6-SoftComp, from %s to %s', unnamed, seen, first, last) END AS detail
FROM image
JOIN dossier
UNION ALL
SELECT min(looked.fact), iif(min(complete) = 1, 'pass', 'inconclusive'), 'no component found for certain'
FROM looked
WHERE kind = 'component'
  AND NOT EXISTS (SELECT image.fact FROM image WHERE image.subject = looked.subject)
GROUP BY looked.subject;
