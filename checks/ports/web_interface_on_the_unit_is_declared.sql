-- claim: A web page of the unit that people log in to is a user interface of the dossier.
-- remedy: Add the page to table 27-UserIntf, or remove the web server.
-- source: TS 103 701 test case 5.13-1-2
-- needs: login_service of unit from http
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL OR ixit_table = '27-UserIntf') AS says_none,
	       EXISTS (SELECT ixit.fact FROM ixit
	               WHERE ixit_table = '27-UserIntf'
	                 AND (lower(coalesce(value, '')) GLOB '*web*' OR lower(coalesce(entry, '')) GLOB '*web*'
	                      OR lower(coalesce(value, '')) GLOB '*http*')) AS says_web),
judged AS (
	SELECT seen.fact, seen.subject, seen.state,
	       CASE WHEN says_web = 1 THEN 'pass'
	            -- a challenge may belong to an interface for programs
	            WHEN says_none = 1 AND seen.scheme = 'form' THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s on port %s asks people in (%s)', coalesce(seen.protocol, '?'), coalesce(seen.port, '?'), coalesce(seen.scheme, '?')) AS detail
	FROM login_service AS seen
	JOIN dossier
	WHERE coalesce(seen.protocol, 'http') IN ('http', 'https') AND seen.scheme IS NOT 'none')
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for web pages that ask people in'
FROM looked
WHERE kind = 'login_service' AND from_source = 'http'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject AND judged.verdict <> 'pass');
