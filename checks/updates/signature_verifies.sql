-- claim: The signature of the firmware image verifies with a key that was given for it, not only with one that comes with the image.
-- remedy: Sign the released image with the key that the units verify with, and give the laboratory that public key or certificate (--trust). A key inside the image shows that the image is whole, not who made it.
-- source: EN 303 645 provisions 5.3-9 and 5.3-10; TS 103 701 test case 5.3-9-1
-- needs: update_signature of image from update_signature
-- needs: region of image from unpack
-- needs: file of image from unpack
-- power: refutes
WITH bare AS (
	-- what may lie beside the signature, which hopquy update-check does not overlook either
	SELECT fact, subject, path, offset, printf('%s (%s): no signature', coalesce(path, 'a container'), coalesce(container, '?')) AS what
	FROM update_signature
	WHERE present IS NOT 1
	UNION ALL
	SELECT fact, subject, path, offset, printf('%s bytes that nobody knows', coalesce(bytes, '?'))
	FROM region
	WHERE coalesce(parent, '') = '' AND coalesce(format, '') = '' AND coalesce(coverage, 'gap') = 'gap'),
whole AS (
	SELECT subject, path, container, offset
	FROM update_signature
	WHERE present = 1 AND covers = 'everything'),
-- a stream that holds nothing else; a cpio archive is filled up to a block
stream AS (
	SELECT DISTINCT whole.subject, whole.path
	FROM whole
	JOIN file AS held ON held.subject = whole.subject AND held.path = whole.path
	JOIN region AS content ON content.subject = whole.subject AND content.parent = whole.path
	WHERE content.offset = 0 AND content.format <> ''
	  AND held.bytes - content.bytes BETWEEN 0 AND iif(whole.container = 'swu', 511, 0)),
-- what OpenWrt appends covers what stands before it
appended AS (
	SELECT subject, max(offset) AS offset
	FROM whole
	WHERE container = 'fwtool' AND instr(path, '/') = 0
	GROUP BY subject),
beside AS (
	SELECT bare.fact, bare.subject, bare.what
	FROM bare
	LEFT JOIN stream ON stream.subject = bare.subject AND stream.path = bare.path || '/data'
	LEFT JOIN appended ON appended.subject = bare.subject
	WHERE stream.path IS NULL AND coalesce(bare.offset >= appended.offset, 1))
SELECT fact,
       CASE WHEN present IS NULL THEN 'inconclusive'
            WHEN verified = 0 THEN 'fail'
            -- a key that came with the image vouches for whoever put it there
            WHEN verified = 1 AND verified_with <> 'embedded' THEN 'pass'
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s, %s: %s%s', coalesce(container, 'a container'), coalesce(algorithm, scheme, 'unknown scheme'),
              CASE WHEN present IS NULL THEN 'perhaps not signed'
                   WHEN verified = 0 THEN 'does not verify'
                   WHEN verified IS NULL THEN 'not tried or not comparable'
                   WHEN verified_with = 'embedded' THEN 'verified with a key that comes with the image alone'
                   ELSE printf('verified with %s', coalesce(verified_with, 'a key')) END,
              coalesce('; ' || detail, ''))                 AS detail
FROM update_signature
WHERE present IS NOT 0
UNION ALL
SELECT beside.fact, 'inconclusive', printf('beside the signature: %s', what)
FROM beside
WHERE subject IN (SELECT signed.subject FROM update_signature AS signed WHERE signed.present = 1);
