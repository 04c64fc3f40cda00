-- claim: What the dossier says can be reached from outside was looked at from there.
-- remedy: Probe the unit from where the Internet is too (hopquy case probe … --reach remote), or a tester states why nothing of the unit answers there.
-- source: TS 103 701 test cases 5.5-4-2 and 5.6-1-2
-- needs: open_port of unit from ports
-- needs: ixit of dossier from dossier
-- power: refutes
WITH link AS (
	SELECT min(ixit.fact) AS fact,
	       -- what does not say that it is local may be reached from outside
	       max(entry IS NOT NULL AND field = 'reach' AND code = 'local') AS is_local
	FROM ixit
	WHERE ixit_table = '11-ComMech'
	GROUP BY entry
	UNION ALL
	SELECT ixit.fact, 0 FROM ixit WHERE ixit_table IS NULL),
outside AS (
	SELECT min(link.fact) AS fact, count(link.fact) AS links FROM link WHERE is_local IS NOT 1),
seen AS (
	SELECT min(looked.fact) AS fact,
	       min(iif(complete = 1 AND reach = 'remote', looked.fact, NULL)) AS from_outside
	FROM looked
	WHERE kind = 'open_port' AND from_source = 'ports'
	GROUP BY subject, state)
SELECT coalesce(from_outside, iif(links > 0, outside.fact, seen.fact)) AS fact,
       iif(from_outside IS NOT NULL OR links = 0, 'pass', 'inconclusive') AS verdict,
       printf('links that may be reached from outside, by the dossier: %d; ports looked at from there: %s', links,
              iif(from_outside IS NULL, 'no', 'yes')) AS detail
FROM seen
JOIN outside;
