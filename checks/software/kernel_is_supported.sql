-- claim: The Linux kernel in the firmware is of a series that still gets security fixes.
-- remedy: Move to a longterm series of kernel.org that is supported for as long as the product is, or to one a distribution or CIP keeps.
-- source: EN 303 645 provision 5.3-8; data/kernel_ends_of_life.tsv
-- needs: kernel of image from kernel
-- needs: component of image from kernel, distribution
-- power: refutes
WITH system AS (
	SELECT component.subject,
	       -- a distribution that is supported keeps its kernel itself; an unnamed component may be one
	       max(component.name IS NULL
	           OR (component.name IN (SELECT listed.name FROM reference_ends_of_life AS listed WHERE listed.distribution = 1)
	               AND (ended IS NULL OR ended > :now))) AS keeps
	FROM component
	LEFT JOIN reference_ends_of_life AS known
	       ON known.name = component.name AND distribution = 1
	      AND (component.version = series OR component.version GLOB series || '[^0-9]*')
	GROUP BY component.subject),
kernels AS (
	SELECT min(kernel.fact) AS fact, kernel.subject, version,
	       -- a module alone may be left over from another kernel
	       min(path IS NULL OR path GLOB '*.ko') AS is_module
	FROM kernel
	WHERE option IS NULL
	GROUP BY kernel.subject, version),
judged AS (
	SELECT kernels.fact, kernels.subject,
	       CASE WHEN version IS NULL OR ended IS NULL THEN 'inconclusive'
	            WHEN ended > :now OR (version GLOB '*-cip*' AND kept > :now) THEN 'pass'
	            WHEN coalesce(keeps, 0) = 1 OR is_module = 1 OR version GLOB '*android*'
	              OR version GLOB '*-cip*' THEN 'inconclusive'
	            -- within a year of the end another may still keep it, and a build may not have left it yet
	            WHEN ended + 365 * 86400 > :now THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('Linux %s: %s', coalesce(version, 'of an unknown version'),
	              CASE WHEN ended IS NULL THEN 'its series is not in the table'
	                   WHEN ended > :now THEN 'supported until ' || date
	                   ELSE 'support ended ' || date END) AS detail
	FROM kernels
	LEFT JOIN reference_kernel_ends_of_life
	       ON version = series OR version GLOB series || '[^0-9]*'
	LEFT JOIN system ON system.subject = kernels.subject)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'no Linux kernel found'
FROM looked
WHERE kind = 'kernel' AND from_source = 'kernel'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
