-- claim: No third-party component of the firmware is of a series whose maker gives no more security fixes.
-- remedy: Move to a series its maker supports, or take the component from a distribution that keeps it and is supported itself.
-- source: EN 303 645 provision 5.3-8; data/ends_of_life.tsv
-- needs: component of image from components, packages, distribution, embedded
-- power: refutes
WITH listed AS (
	SELECT name, max(distribution) AS is_distribution
	FROM reference_ends_of_life
	GROUP BY name),
seen AS (
	SELECT component.fact, component.subject, component.name, version, confidence, origin, ended, date,
	       coalesce(listed.is_distribution, 0) = 1 AND coalesce(origin, 'distribution') = 'distribution' AS is_distribution,
	       listed.name IS NOT NULL AS is_listed
	FROM component
	LEFT JOIN listed ON listed.name = component.name
	LEFT JOIN reference_ends_of_life AS known
	       ON known.name = component.name
	      AND (component.version = series OR component.version GLOB series || '[^0-9]*')
	WHERE component.name IS NOT 'linux'),
system AS (
	SELECT seen.subject,
	       -- each distribution that is seen, till after now: a package may be of any of them
	       max(is_distribution) = 1
	       AND min(iif(is_distribution = 1, coalesce(ended, 0) > :now AND confidence IS 'certain', 1)) = 1 AS keeps,
	       -- what is not known may be a distribution that keeps everything; one that ended may have been there at the build
	       max(seen.name IS NULL OR (is_distribution = 1 AND (ended IS NULL OR ended + 365 * 86400 > :now))) AS may_keep,
	       min(iif(is_distribution = 1, ended, NULL)) AS system_ended
	FROM seen
	GROUP BY seen.subject),
one AS (
	-- what says it most surely is cited
	SELECT coalesce(min(iif(confidence = 'certain', seen.fact, NULL)), min(iif(confidence = 'likely', seen.fact, NULL)),
	                min(seen.fact)) AS fact,
	       seen.subject, seen.name, version, min(ended) AS ended, max(date) AS date,
	       max(is_listed) AS is_listed, max(confidence = 'certain') AS is_certain,
	       max(origin = 'package') AS is_package
	FROM seen
	GROUP BY seen.subject, seen.name, version),
judged AS (
	SELECT one.fact, one.subject,
	       CASE WHEN one.name IS NULL OR version IS NULL THEN 'inconclusive'
	            -- no distribution ships what ended years before its own release
	            WHEN keeps = 1 AND is_package = 1 AND ended + 6 * 365 * 86400 > system_ended THEN 'pass'
	            WHEN may_keep = 1 OR is_certain IS NOT 1 THEN 'inconclusive'
	            -- within a year of the end a build may not have left the series yet
	            WHEN ended + 365 * 86400 > :now THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s %s: %s', coalesce(one.name, 'a component without name'), coalesce(version, 'of an unknown version'),
	              coalesce('support ended ' || date, 'support cannot be told')) AS detail
	FROM one
	JOIN system ON system.subject = one.subject
	WHERE one.name IS NULL OR (version IS NULL AND is_listed = 1) OR ended <= :now)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT min(looked.fact), iif(min(complete) = 1, 'pass', 'inconclusive'),
       printf('%d components', (SELECT count(*) FROM one WHERE one.subject = looked.subject))
FROM looked
WHERE kind = 'component'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass')
GROUP BY looked.subject;
