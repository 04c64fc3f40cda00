-- claim: The certificates the product shows are in force, and where it can be reached from outside somebody else vouches for them.
-- remedy: Renew the certificate before it ends. For a service reached from the internet, use one issued by a certification authority, and set the clock before TLS starts.
-- source: RFC 5280 section 4.1.2.5; TS 103 701 test case 5.5-1-2
-- needs: certificate of unit from tls
-- needs: ixit of dossier from dossier
-- power: refutes
WITH link AS (
	-- where the probe stood is one thing; from where the link can be reached the dossier says
	SELECT max(entry IS NOT NULL AND field = 'reach' AND code = 'local') AS is_local,
	       max(iif(field = 'port', code, NULL))                          AS port
	FROM ixit
	WHERE ixit_table = '11-ComMech'
	GROUP BY entry
	UNION ALL
	SELECT 0, NULL FROM ixit WHERE ixit_table IS NULL OR field IS NULL)
SELECT shown.fact                                           AS fact,
       CASE WHEN unit.type IS NULL OR shown.not_after IS NULL THEN 'inconclusive'
            WHEN shown.not_after < :now THEN 'fail'
            WHEN shown.not_before IS NULL OR shown.reach IS NULL THEN 'inconclusive'
            WHEN shown.not_before > :now THEN iif(shown.reach = 'remote', 'fail', 'inconclusive')
            -- on a local network no authority can vouch: the key being the unit's own is what counts
            WHEN shown.self_signed = 0 THEN 'pass'
            WHEN shown.reach = 'local'
             AND NOT EXISTS (SELECT link.is_local FROM link
                             WHERE link.is_local IS NOT 1
                               AND (link.port IS NULL OR shown.port IS NULL
                                    OR link.port = CAST(shown.port AS TEXT))) THEN 'pass'
            WHEN EXISTS (SELECT leaf.fact FROM certificate AS leaf
                         WHERE leaf.subject = shown.subject AND leaf.port = shown.port
                           AND leaf.issuer_name = shown.subject_name AND leaf.self_signed = 0) THEN 'pass'
            ELSE 'inconclusive' END                         AS verdict,
       printf('%s: %s%s', coalesce(shown.subject_name, 'certificate'),
              CASE WHEN shown.not_after < :now THEN 'expired'
                   WHEN shown.not_before > :now THEN 'not yet in force'
                   WHEN shown.not_after IS NULL OR shown.not_before IS NULL THEN 'validity unknown'
                   ELSE 'in force' END,
              iif(shown.self_signed = 1, ', self-signed', '')) AS detail
FROM certificate AS shown
LEFT JOIN subject AS unit ON unit.fact = shown.subject
WHERE coalesce(unit.type, 'unit') = 'unit';
