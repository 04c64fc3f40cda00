-- claim: No program or setting of the system can be changed by every user of it.
-- remedy: Take the write permission for others away (chmod o-w) from programs, libraries and settings; give shared folders the sticky bit.
-- source: EN 303 645 provision 5.6-7; Filesystem Hierarchy Standard 3.0
-- needs: file of image from unpack
-- power: refutes
WITH writable (format, keeps) AS (
	-- file systems that a unit writes to; archives are unpacked to one, perhaps
	VALUES ('ext', 1), ('ubifs', 1), ('jffs2', 1), ('f2fs', 1), ('yaffs', 1), ('minix', 1), ('tar', 0), ('cpio', 0)),
folder (name) AS (
	VALUES ('bin'), ('sbin'), ('lib'), ('usr'), ('etc')),
open_file AS (
	SELECT file.fact, subject, path, mode, type
	FROM file
	WHERE coalesce(type, 'file') IN ('file', 'folder')
	  AND (mode IS NULL OR path IS NULL OR ((mode & 2) <> 0 AND ((mode & 512) = 0 OR type IS 'file')))
	  -- what nothing can write is safe, and what lies within such a thing is not known
	  AND NOT (coalesce(path, '') GLOB '*.squashfs/*' OR coalesce(path, '') GLOB '*.squashfs_legacy/*' OR coalesce(path, '') GLOB '*.cramfs/*'
	           OR coalesce(path, '') GLOB '*.romfs/*' OR coalesce(path, '') GLOB '*.iso9660/*' OR coalesce(path, '') GLOB '*.erofs/*')),
counted AS (
	SELECT file.subject, total(type IS NOT 'folder') AS files, total((mode & 2) <> 0 AND type IS NOT 'folder') AS open_files
	FROM file
	WHERE coalesce(type, 'file') IN ('file', 'folder')
	GROUP BY file.subject),
judged AS (
	SELECT open_file.fact, open_file.subject,
	       CASE WHEN mode IS NULL OR type IS NULL OR open_file.path IS NULL THEN 'inconclusive'
	            -- where most files are so, the modes are the packer's and not the product's
	            WHEN counted.open_files * 2 > counted.files THEN 'inconclusive'
	            WHEN min(keeps) = 1 THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s can be written by everyone, mode %05o', coalesce(open_file.path, '?'), coalesce(mode, 0)) AS detail
	FROM open_file
	JOIN counted ON counted.subject = open_file.subject
	LEFT JOIN writable ON open_file.path GLOB '*[0-9a-f].' || format || '/*'
	LEFT JOIN folder ON open_file.path GLOB '*[0-9a-f].' || format || '/' || folder.name || '/*'
	                 OR open_file.path GLOB '*[0-9a-f].' || format || '/' || folder.name
	WHERE mode IS NULL OR open_file.path IS NULL OR folder.name IS NOT NULL
	GROUP BY open_file.fact)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'no file of the system that can be written can be written by everyone'
FROM looked
WHERE kind = 'file' AND from_source = 'unpack'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
