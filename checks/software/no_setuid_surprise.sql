-- claim: No program of the image takes the rights of another user, but those that always do.
-- remedy: Remove the setuid and setgid bits and the file capabilities of programs that do not need them; where one does, say in table 17-PrivlCtrl which and why.
-- source: EN 303 645 provision 5.6-7; capabilities(7); data/setuid_programs.tsv
-- needs: file of image from unpack
-- needs: attribute of image from unpack
-- power: refutes
WITH named AS (
	SELECT file.fact, subject, mode, uid, sha256, path,
	       -- what stands behind the last slash
	       substr(path, length(rtrim(path, replace(path, '/', ''))) + 1) AS program
	FROM file
	WHERE coalesce(type, 'file') = 'file'
	  -- setuid, or setgid, of something that can be started
	  AND (mode IS NULL OR ((mode & 2048) <> 0 AND (mode & 73) <> 0) OR (mode & 1032) = 1032)),
-- where most programs are so, the modes are the packer's and not the product's
counted AS (
	SELECT file.subject, total((mode & 2048) <> 0) * 2 > count(*) AS mostly
	FROM file
	WHERE coalesce(type, 'file') = 'file' AND (mode IS NULL OR (mode & 73) <> 0)
	GROUP BY file.subject),
-- BusyBox gives the rights up again, by whatever name it is called
box AS (
	SELECT subject, sha256
	FROM file
	WHERE coalesce(type, 'file') = 'file' AND coalesce(path, '/busybox') LIKE '%/busybox%'
	GROUP BY subject, sha256),
boxes AS (
	SELECT subject, max(sha256 IS NULL) AS is_any
	FROM box
	GROUP BY subject),
judged AS (
	SELECT named.fact, named.subject,
	       CASE WHEN mostly = 1 THEN 'inconclusive'
	            WHEN custom = 'never' AND uid = 0 AND (mode & 2048) <> 0
	             AND box.sha256 IS NULL AND coalesce(boxes.is_any, 0) = 0 AND (named.sha256 IS NOT NULL OR boxes.subject IS NULL) THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s, mode %05o, owner %s%s', coalesce(program, '?'), coalesce(mode, 0), coalesce(uid, '?'),
	              CASE custom WHEN 'never' THEN ': anyone who starts it has these rights' ELSE '' END) AS detail
	FROM named
	JOIN counted ON counted.subject = named.subject
	LEFT JOIN box ON box.subject = named.subject AND box.sha256 = named.sha256
	LEFT JOIN boxes ON boxes.subject = named.subject
	LEFT JOIN reference_setuid_programs AS known ON known.name = program
	WHERE mode IS NULL OR uid IS NULL OR custom IS NOT 'usual'
	UNION ALL
	SELECT attribute.fact, subject, 'inconclusive',
	       printf('%s has file capabilities: %s', coalesce(substr(path, length(rtrim(path, replace(path, '/', ''))) + 1), '?'), coalesce(value, '?'))
	FROM attribute
	LEFT JOIN reference_setuid_programs AS known ON known.name = substr(path, length(rtrim(path, replace(path, '/', ''))) + 1)
	WHERE coalesce(attribute.name, 'security.capability') = 'security.capability' AND (attribute.name IS NULL OR custom IS NOT 'usual'))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'no unusual program takes the rights of another user'
FROM looked
WHERE kind = 'file' AND from_source = 'unpack'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
