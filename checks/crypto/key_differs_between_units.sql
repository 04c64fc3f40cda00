-- claim: Each unit has network keys of its own.
-- remedy: Generate the TLS and SSH keys on each unit at first start, or put a different one on each unit in the factory.
-- source: EN 303 645 provisions 5.4-3 and 5.4-4
-- needs: key of unit from ssh, tls
-- needs: certificate of unit from tls
-- power: refutes
WITH shown AS (
	SELECT wire.fact, wire.subject, wire.fingerprint, unit.type, unit.serial
	FROM (SELECT fact, subject, fingerprint FROM key
	      UNION ALL
	      SELECT fact, subject, key_fingerprint FROM certificate) AS wire
	LEFT JOIN subject AS unit ON unit.fact = wire.subject
	WHERE coalesce(unit.type, 'unit') = 'unit'),
-- the key of an authority is rightly the same everywhere: its certificate signs another that the unit shows
issuer AS (
	SELECT authority.subject, authority.key_fingerprint AS fingerprint,
	       authority.subject_name = leaf.issuer_name AND leaf.self_signed = 0 AS is_certain
	FROM certificate AS authority
	JOIN certificate AS leaf ON leaf.subject = authority.subject AND leaf.fact <> authority.fact
	WHERE leaf.self_signed IS NOT 1 AND authority.source IS NOT 'keys'
	  AND coalesce(authority.subject_name, leaf.issuer_name) IS coalesce(leaf.issuer_name, authority.subject_name))
SELECT shown.fact                                           AS fact,
       CASE WHEN shown.type IS NULL OR shown.fingerprint IS NULL THEN 'inconclusive'
            WHEN EXISTS (SELECT issuer.subject FROM issuer
                         WHERE issuer.subject = shown.subject AND issuer.fingerprint = shown.fingerprint
                           AND issuer.is_certain = 1) THEN 'pass'
            WHEN EXISTS (SELECT issuer.subject FROM issuer
                         WHERE issuer.subject = shown.subject
                           AND coalesce(issuer.fingerprint, shown.fingerprint) = shown.fingerprint)
              OR EXISTS (SELECT twin.fact FROM shown AS twin
                         WHERE twin.subject <> shown.subject
                           AND coalesce(twin.fingerprint, shown.fingerprint) = shown.fingerprint
                           AND (twin.type IS NULL OR twin.fingerprint IS NULL OR twin.serial = shown.serial)) THEN 'inconclusive'
            WHEN EXISTS (SELECT twin.fact FROM shown AS twin
                         WHERE twin.subject <> shown.subject AND twin.fingerprint = shown.fingerprint) THEN 'fail'
            ELSE 'pass' END                                 AS verdict,
       printf('key %s', coalesce(substr(shown.fingerprint, 1, 16), 'without fingerprint')) AS detail
FROM shown
WHERE EXISTS (SELECT other.fact FROM subject AS other
              WHERE other.fact <> shown.subject AND coalesce(other.type, 'unit') = 'unit');
