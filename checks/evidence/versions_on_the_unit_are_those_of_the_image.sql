-- claim: The versions of software that the unit tells on the network are those of the firmware image submitted.
-- remedy: Submit the image that the units really run, or bring the units to the version submitted before they are tested.
-- source: TS 103 701 test case 5.6-1-2; EN ISO/IEC 17025 clause 7.4 (the item tested is the one described)
-- needs: disclosure of unit from ssh, http
-- needs: component of image from components, packages, distribution, embedded
-- power: refutes
WITH judged AS (
	-- a patched build may keep an old number, and a banner may be made up: never a fail by itself
	SELECT fact, subject, state, iif(max(same) = 1, 'pass', 'inconclusive') AS verdict,
	       printf('the unit tells %s, the image holds %s', coalesce(substr(on_unit, 1, 60), '?'), coalesce(min(in_image), '?')) AS detail
	FROM agreement
	WHERE about = 'version'
	GROUP BY fact, subject, state
	UNION ALL
	SELECT told.fact, told.subject, told.state, 'inconclusive', 'a version that is not known'
	FROM disclosure AS told
	WHERE told.type IS NULL OR (told.value IS NULL AND told.type IN ('version', 'banner'))
	UNION ALL
	SELECT told.fact, told.subject, told.state, 'inconclusive',
	       printf('the unit tells %s, of which the image''s version is not known', coalesce(substr(told.value, 1, 60), '?'))
	FROM disclosure AS told
	JOIN component AS part ON part.name IS NULL
	  OR (part.version IS NULL AND length(part.name) > 3 AND instr(lower(told.value), lower(part.name)) > 0)
	WHERE told.type IN ('version', 'banner')
	  AND NOT EXISTS (SELECT seen.fact FROM agreement AS seen WHERE seen.fact = told.fact AND seen.about = 'version' AND seen.same = 1)
	UNION ALL
	-- whether it is a unit, or an image, is not known
	SELECT odd.fact, odd.fact, NULL, 'inconclusive', 'a subject of unknown kind'
	FROM subject AS odd
	WHERE odd.type IS NULL)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'no version told differs from the image'
FROM looked
WHERE kind = 'disclosure' AND from_source IN ('ssh', 'http')
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.verdict <> 'pass');
