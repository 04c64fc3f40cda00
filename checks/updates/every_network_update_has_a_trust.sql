-- claim: Every update mechanism that works over a network rests on a trust: a signature, an authenticated channel or the user's confirmation.
-- remedy: Verify a signature on the unit, or fetch the update over a channel that authenticates the server; then put "signature" or "channel" in "cryptographic_details" of table 7-UpdMech.
-- source: EN 303 645 provision 5.3-10; TS 103 701 test case 5.3-10-1
-- needs: ixit of dossier from dossier
-- power: refutes
WITH mechanism AS (
	SELECT min(fact) AS fact, entry,
	       max(iif(field = 'cryptographic_details', ',' || code || ',', NULL)) AS details,
	       max(iif(field = 'over_network', code, NULL)) AS over_network,
	       max(iif(field = 'initiation', code, NULL)) AS initiation
	FROM ixit
	WHERE coalesce(ixit_table, '7-UpdMech') = '7-UpdMech'
	GROUP BY entry)
SELECT fact,
       CASE WHEN over_network = 'no' OR instr(details, ',signature,') > 0 OR instr(details, ',channel,') > 0 THEN 'pass'
            WHEN details IS NULL OR over_network IS NOT 'yes' THEN 'inconclusive'
            -- a person at the device who confirms is a trust as well
            WHEN initiation IS NULL OR initiation IN ('user', 'physical') THEN 'inconclusive'
            WHEN instr(details, ',checksum,') > 0 OR instr(details, ',none,') > 0 THEN 'fail'
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s: %s, over a network: %s', coalesce(entry, 'an entry'), coalesce(trim(details, ','), 'not said'),
              coalesce(over_network, 'not said'))           AS detail
FROM mechanism;
