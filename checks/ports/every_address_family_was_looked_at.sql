-- claim: The unit's ports were looked at over IPv4 and over IPv6.
-- remedy: Give the unit's other address too (its IPv6 address, also a link-local one with %zone), or a tester states that the unit has none.
-- source: TS 103 701 test case 5.6-1-2; RFC 9099 section 2.3
-- needs: open_port of unit from ports
-- power: refutes
SELECT coalesce(min(iif(complete = 1, fact, NULL)), min(fact)) AS fact,
       iif(max(complete = 1 AND address LIKE '%.%.%.%' AND address NOT LIKE '%:%') = 1
           AND max(complete = 1 AND address LIKE '%:%') = 1, 'pass', 'inconclusive') AS verdict,
       printf('ports looked at over IPv4: %s, over IPv6: %s',
              iif(max(complete = 1 AND address LIKE '%.%.%.%' AND address NOT LIKE '%:%') = 1, 'yes', 'no'),
              iif(max(complete = 1 AND address LIKE '%:%') = 1, 'yes', 'no')) AS detail
FROM looked
WHERE kind = 'open_port' AND from_source = 'ports'
GROUP BY subject, state;
