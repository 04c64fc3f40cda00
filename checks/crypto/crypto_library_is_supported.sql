-- claim: No cryptographic library of the firmware is of a branch that its makers stopped mending more than two years ago.
-- remedy: Move to a branch of the library that its makers support, or say in the dossier who mends the branch in use and how.
-- source: EN 303 645 provision 5.3-8; TS 103 701 test case 5.3-8-1; data/crypto_library_branches.tsv
-- needs: component of image from components
-- power: refutes
WITH library AS (
	SELECT min(component.fact) AS fact, component.subject, component.name, component.version,
	       max(component.confidence = 'certain') AS is_certain,
	       max(coalesce(component.origin, 'package') = 'package') AS is_packaged,
	       max(known.ended) AS ended, max(known.date) AS date
	FROM component
	LEFT JOIN reference_crypto_library_branches AS known
	       ON known.name = component.name AND substr(component.version, 1, length(known.branch)) = known.branch
	WHERE component.name IS NULL
	   OR component.name IN (SELECT listed.name FROM reference_crypto_library_branches AS listed)
	GROUP BY component.subject, component.name, component.version),
judged AS (
	SELECT library.fact, library.subject,
	       CASE WHEN name IS NULL OR version IS NULL OR ended IS NULL THEN 'inconclusive'
	            -- products are built and certified with what was supported when they were designed
	            WHEN ended + 2 * 365 * 86400 > :now THEN 'pass'
	            -- a distribution may mend it on
	            WHEN is_packaged = 1 OR is_certain IS NOT 1 THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s %s: %s', coalesce(name, 'a component without name'), coalesce(version, 'of an unknown version'),
	              CASE WHEN ended IS NULL THEN 'its branch is in no list'
	                   WHEN ended > :now THEN 'supported until ' || date
	                   ELSE 'support ended ' || date END) AS detail
	FROM library)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('%s components, none a listed cryptographic library', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'component' AND from_source = 'components'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
