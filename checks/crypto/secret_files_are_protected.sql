-- claim: No file with a private key or password hashes can be read by every user of the product.
-- remedy: Take the permission to read from others (chmod 0600, or 0640 with a group of its own), in the image and in what writes the file on the unit.
-- source: EN 303 645 provision 5.4-1; TS 103 701 test case 5.4-1-2; data/unix_file_systems.tsv
-- needs: key of image from keys
-- needs: file of image from unpack
-- power: refutes
WITH held AS (
	-- a file that is there for the key; a program that holds one has to be readable
	SELECT key.fact, key.subject, key.path, key.encrypted,
	       CASE WHEN key.private IS NULL OR key.embedded IS NULL THEN 0 ELSE 1 END AS is_certain,
	       printf('private %s key', coalesce(key.algorithm, '')) AS what
	FROM key
	WHERE coalesce(key.private, 1) = 1 AND key.embedded IS NOT 1
	  AND NOT EXISTS (SELECT place.place FROM reference_published_key_places AS place
	                  WHERE place.publisher = '*' AND key.path GLOB place.place)
	UNION ALL
	SELECT fact, subject, path, 0, 1, 'password hashes'
	FROM file
	WHERE path GLOB '*/etc/shadow' AND coalesce(type, 'file') = 'file'),
judged AS (
	SELECT held.fact, held.subject,
	       CASE WHEN image.type IS NOT 'image' OR held.is_certain = 0 OR stored.mode IS NULL THEN 'inconclusive'
	            WHEN stored.mode & 4 = 0 THEN 'pass'
	            WHEN held.encrypted IS NOT 0 THEN 'inconclusive'
	            WHEN EXISTS (SELECT kept.name FROM reference_unix_file_systems AS kept
	                         WHERE kept.keeps_modes = 'no' AND instr(held.path, '.' || kept.name || '/') > 0) THEN 'inconclusive'
	            WHEN EXISTS (SELECT kept.name FROM reference_unix_file_systems AS kept
	                         WHERE kept.keeps_modes = 'yes' AND instr(held.path, '.' || kept.name || '/') > 0) THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s, mode %s', held.what, coalesce(printf('%04o', stored.mode), 'unknown')) AS detail
	FROM held
	LEFT JOIN subject AS image ON image.fact = held.subject
	LEFT JOIN file AS stored ON stored.subject = held.subject AND stored.path = held.path
	WHERE coalesce(image.type, 'image') = 'image')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'no file of a private key in the image'
FROM looked
WHERE kind = 'key' AND from_source = 'keys'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
