-- claim: The image holds no tools for debugging and developing.
-- remedy: Leave debuggers, tracers, compilers and test tools out of the image as shipped; of BusyBox build only the applets that the product uses.
-- source: EN 303 645 provision 5.6-6; data/debug_tools.tsv
-- needs: file of image from unpack
-- power: refutes
WITH judged AS (
	-- something left over has to be weighed by a person: a question
	SELECT file.fact, subject, 'inconclusive' AS verdict,
	       printf('%s: %s%s', coalesce(known.name, path, '?'), coalesce(what, 'perhaps a tool for debugging'),
	              iif(type = 'link', printf(', by a link to %s', coalesce(link_target, '?')), '')) AS detail
	FROM file
	LEFT JOIN reference_debug_tools AS known ON known.name = substr(path, length(rtrim(path, replace(path, '/', ''))) + 1)
	WHERE (known.name IS NOT NULL AND coalesce(type, 'file') IN ('file', 'link')
	       -- completions and manuals have the same names; only what can be started counts
	       AND (type = 'link' OR mode IS NULL OR (mode & 73) <> 0))
	   OR path IS NULL)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), printf('looked at %s files by name, found none', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'file' AND from_source = 'unpack'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
