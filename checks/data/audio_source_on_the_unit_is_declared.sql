-- claim: The unit offers no sound unless the dossier describes a microphone.
-- remedy: Describe the microphone in table 22-ExtSens and in the user's papers, also where it is switched off; or take the audio source and the audio track of its streams away.
-- source: EN 303 645 provision 5.8-3; TS 103 701 test case 5.8-3-1; data/sensor_words.tsv
-- needs: resource of unit from onvif, rtsp
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL OR (ixit_table = '22-ExtSens' AND ixit.value IS NULL)) AS is_clear,
	       EXISTS (SELECT ixit.fact FROM ixit
	               JOIN reference_sensor_words AS words ON words.sensor = 'microphone'
	               WHERE ixit_table = '22-ExtSens' AND ' ' || lower(ixit.value) GLOB '*[^a-z]' || word || '*') AS is_declared),
-- sound in the description of a stream, or a source the unit counts; a stream nobody described may have it
judged AS (
	SELECT resource.fact, resource.subject, resource.state,
	       CASE WHEN is_declared = 1 AND is_clear = 1 THEN 'pass'
	            WHEN resource.protocol IS NULL OR resource.name IS NULL OR detail IS NULL OR is_clear = 0 THEN 'inconclusive'
	            ELSE 'fail' END AS verdict,
	       printf('%s on port %s: %s', coalesce(resource.name, 'something'), coalesce(resource.port, '?'), coalesce(detail, '?')) AS what
	FROM resource
	JOIN dossier
	-- behind a log-in or not: it is there
	WHERE ((coalesce(resource.protocol, 'rtsp') = 'rtsp' AND coalesce(resource.access, 'stream') = 'stream'
	        AND instr(coalesce(detail, 'audio '), 'audio ') > 0)
	    OR (coalesce(resource.protocol, 'onvif') = 'onvif' AND coalesce(resource.name, 'GetAudioSources') = 'GetAudioSources'
	        AND coalesce(substr(detail, 1, 12), 'READ_MEDIA: ') = 'READ_MEDIA: '
	        AND CAST(coalesce(substr(detail, 13), '1') AS INTEGER) > 0)))
SELECT fact, verdict, what AS detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('the probe %s looked for sound and audio sources, found none undeclared', from_source)
FROM looked
WHERE kind = 'resource' AND from_source IN ('onvif', 'rtsp')
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject IS looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
