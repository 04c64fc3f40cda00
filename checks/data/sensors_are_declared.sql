-- claim: Every sensor whose driver or device is in the firmware is described in the dossier.
-- remedy: Describe the sensor in table 22-ExtSens and in the user's papers, also where it is switched off; leave drivers out of the image of models that do not have it.
-- source: EN 303 645 provision 5.8-3; TS 103 701 test case 5.8-3-1; data/sensor_files.tsv, data/sensor_words.tsv
-- needs: file of image from unpack
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1) AS is_read),
sign AS (
	SELECT min(fact) AS fact, subject, coalesce(known.sensor, '?') AS sensor, min(path) AS path, count(*) AS files
	FROM file
	LEFT JOIN reference_sensor_files AS known ON lower(path) GLOB known.glob
	WHERE (known.sensor IS NOT NULL OR path IS NULL) AND type IS NOT 'folder'
	GROUP BY subject, coalesce(known.sensor, '?')),
-- a driver may be there for another model: a question, never a fail; a word that begins with the sensor's names it
judged AS (
	SELECT sign.fact, subject,
	       iif(is_read = 1 AND EXISTS (SELECT ixit.fact FROM ixit
	                                   JOIN reference_sensor_words AS words ON words.sensor = sign.sensor
	                                   WHERE ixit_table = '22-ExtSens' AND ' ' || lower(ixit.value) GLOB '*[^a-z]' || word || '*'),
	           'pass', 'inconclusive') AS verdict,
	       printf('%s: %s%s', sensor, coalesce(path, 'a file without name'), iif(files > 1, printf(' and %d more', files - 1), '')) AS detail
	FROM sign
	JOIN dossier)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for drivers and devices of sensors'
FROM looked
WHERE kind = 'file' AND from_source = 'unpack'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject IS looked.subject AND judged.verdict <> 'pass');
