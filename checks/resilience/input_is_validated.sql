-- claim: No web page of the unit takes input for a file, a script, a header or a command.
-- remedy: Check each path and parameter against what it may be before anything is opened or run with it, and write it into pages escaped.
-- source: EN 303 645 provision 5.13-1; TS 103 701 test case 5.13-1-2
-- needs: input_trial of unit from inputs
-- power: refutes
WITH judged AS (
	SELECT fact, subject, state,
	       iif(processed = 1 AND class IS NOT NULL, 'fail', 'inconclusive') AS verdict,
	       printf('%s %s on port %s, asked by %s: %s %s', coalesce(protocol, '?'), coalesce(place, '?'), coalesce(port, '?'),
	              CASE role WHEN 'none' THEN 'anybody' WHEN 'right' THEN 'its owner' ELSE 'somebody' END,
	              CASE coalesce(class, '') WHEN 'traversal' THEN 'a path out of the pages,' WHEN 'script' THEN 'a tag,'
	                   WHEN 'header' THEN 'a header line,' WHEN 'command' THEN 'a command,' ELSE 'an input,' END,
	              CASE processed WHEN 1 THEN 'taken: ' || coalesce(detail, coalesce(input, '?')) ELSE 'taken or not, that is not known' END) AS detail
	FROM input_trial
	WHERE coalesce(class, '') <> 'malformed' AND processed IS NOT 0)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       iif(complete = 1, 'paths out of the pages, tags and header lines were given to each web server, and none was taken',
           'not each web server was given every input')
FROM looked
WHERE kind = 'input_trial' AND from_source = 'inputs'
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject = looked.subject AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
