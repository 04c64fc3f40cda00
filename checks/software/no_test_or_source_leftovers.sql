-- claim: Building and testing left nothing behind in the image.
-- remedy: Install only what the product needs into the image, by a list, instead of copying whole folders; delete sources, histories, copies of editors and memory dumps.
-- source: EN 303 645 provision 5.6-6; data/leftovers.tsv
-- needs: file of image from unpack
-- power: refutes
WITH judged AS (
	-- something left over has to be weighed by a person: a question
	SELECT min(file.fact) AS fact, subject, 'inconclusive' AS verdict,
	       printf('%s: %d, one of them %s', coalesce(what, 'perhaps something left over'), count(*), coalesce(path, '?')) AS detail
	FROM file
	LEFT JOIN reference_leftovers AS known ON path GLOB pattern
	WHERE (known.pattern IS NOT NULL
	       -- a folder "core", a device or a link is not what the names stand for
	       AND (coalesce(type, 'file') = 'file' OR (type = 'folder' AND pattern IN ('*/.git', '*/.svn', '*/.hg', '*/CVS')))
	       AND NOT (type = 'folder' AND what = 'memory of a program that crashed'))
	   OR path IS NULL
	GROUP BY subject, what)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), printf('looked at %s files by name, found none', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'file' AND from_source = 'unpack'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
