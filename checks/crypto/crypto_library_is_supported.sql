-- claim: No cryptographic library of the firmware is of a series that its makers stopped mending.
-- remedy: Move to a series of the library that its makers support, or say in the dossier who mends the series in use and how.
-- source: EN 303 645 provision 5.3-8; TS 103 701 test case 5.3-8-1; data/ends_of_life.tsv
-- needs: component of image from components, packages, distribution, embedded
-- power: refutes
WITH library AS (
	-- what says it most surely is cited
	SELECT coalesce(min(iif(confidence = 'certain', component.fact, NULL)), min(iif(confidence = 'likely', component.fact, NULL)),
	                min(component.fact)) AS fact,
	       component.subject, component.name, version,
	       max(confidence = 'certain') AS is_certain,
	       max(coalesce(origin, 'package') = 'package') AS is_packaged, max(origin = 'package') AS is_listed,
	       min(ended) AS ended, max(date) AS date
	FROM component
	LEFT JOIN reference_ends_of_life AS known
	       ON known.name = component.name
	      AND (component.version = series OR component.version GLOB series || '[^0-9]*')
	WHERE component.name IS NULL OR component.name IN ('openssl', 'mbedtls', 'polarssl')
	GROUP BY component.subject, component.name, version),
kept AS (
	SELECT system.subject, min(ended) AS ended
	FROM component AS system
	LEFT JOIN reference_ends_of_life AS known
	  ON known.name = system.name
	 AND (system.version = series OR system.version GLOB series || '[^0-9]*')
	WHERE system.name IN (SELECT listed.name FROM reference_ends_of_life AS listed WHERE listed.distribution = 1)
	  AND coalesce(system.origin, 'distribution') = 'distribution'
	GROUP BY system.subject
	-- each distribution that is seen, till after now: a package may be of any of them
	HAVING min(coalesce(ended, 0) > :now AND system.confidence IS 'certain') = 1),
judged AS (
	SELECT library.fact, library.subject,
	       CASE WHEN name IS NULL OR version IS NULL OR ended IS NULL THEN 'inconclusive'
	            WHEN ended > :now THEN 'pass'
	            -- a package of a distribution that is supported itself, and did not take up what had ended years before
	            WHEN is_listed = 1 AND EXISTS (SELECT kept.subject FROM kept WHERE kept.subject = library.subject
	                                             AND library.ended + 6 * 365 * 86400 > kept.ended) THEN 'pass'
	            -- another may mend it on; within a year of the end a build may not have left the series yet
	            WHEN is_packaged = 1 OR is_certain IS NOT 1 OR ended + 365 * 86400 > :now THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s %s: %s', coalesce(name, 'a component without name'), coalesce(version, 'of an unknown version'),
	              CASE WHEN ended IS NULL THEN 'its series is in no list'
	                   WHEN ended > :now THEN 'supported until ' || date
	                   ELSE 'support ended ' || date END) AS detail
	FROM library)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT min(looked.fact), iif(min(complete) = 1, 'pass', 'inconclusive'), 'no listed cryptographic library'
FROM looked
WHERE kind = 'component'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject)
GROUP BY looked.subject;
