-- claim: Every update mechanism of the dossier verifies who made the update, not only that it arrived whole.
-- remedy: Verify a signature on the unit, or fetch the update over a channel that authenticates the server, for local updates (USB, card) too; then put "signature" or "channel" in "cryptographic_details" of table 7-UpdMech.
-- source: EN 303 645 provisions 5.3-7 and 5.3-9; TS 103 701 test case 5.3-9-1
-- needs: ixit of dossier from dossier
-- power: refutes
WITH mechanism AS (
	SELECT min(fact) AS fact, entry,
	       max(iif(field = 'cryptographic_details', ',' || code || ',', NULL)) AS details
	FROM ixit
	WHERE coalesce(ixit_table, '7-UpdMech') = '7-UpdMech'
	GROUP BY entry)
SELECT fact,
       CASE WHEN details IS NULL THEN 'inconclusive'
            WHEN instr(details, ',signature,') > 0 OR instr(details, ',channel,') > 0 THEN 'pass'
            WHEN instr(details, ',checksum,') > 0 OR instr(details, ',none,') > 0 THEN 'fail'
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s: %s', coalesce(entry, 'an entry'), coalesce(trim(details, ','), 'not said')) AS detail
FROM mechanism;
