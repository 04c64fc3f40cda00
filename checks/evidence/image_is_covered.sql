-- claim: The whole image was read.
-- remedy: Hand in the image without encryption, or with the key, or in parts of known formats; say what the parts hold that cannot be read.
-- source: TS 103 701 clause 4.3; the coverage of the unpacker
-- needs: region of image from unpack
-- power: refutes
-- parameter: max_unread_bytes integer, bytes
WITH unread AS (
	SELECT fact, subject, path, offset, bytes, coverage, detail
	FROM region
	WHERE coalesce(coverage, 'unknown') NOT IN ('read', 'padding')),
counted AS (
	SELECT subject, total(bytes) AS bytes, count(*) - count(bytes) AS unknown, count(*) AS parts
	FROM unread
	GROUP BY subject),
judged AS (
	SELECT unread.fact, unread.subject, 'inconclusive' AS verdict,
	       printf('%s bytes at %s of %s were not read (%s%s); in all %d bytes in %d parts', coalesce(unread.bytes, '?'), coalesce(offset, '?'),
	              coalesce(nullif(path, ''), 'the image'), coalesce(coverage, '?'), coalesce(', ' || nullif(detail, ''), ''),
	              counted.bytes, parts) AS detail
	FROM unread
	JOIN counted ON counted.subject = unread.subject
	WHERE (counted.bytes > :max_unread_bytes OR counted.unknown > 0)
	  -- the large ones, and the largest
	  AND (unread.bytes IS NULL OR unread.bytes * 20 >= counted.bytes
	       OR unread.fact = (SELECT largest.fact FROM unread AS largest WHERE largest.subject = unread.subject
	                         ORDER BY largest.bytes DESC, largest.fact LIMIT 1)))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), printf('looked at %s parts of the image', coalesce(looked.count, '?'))
FROM looked
WHERE kind = 'region' AND from_source = 'unpack'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
