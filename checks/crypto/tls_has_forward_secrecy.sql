-- claim: Every TLS service of the product offers forward secrecy, so that a key stolen later opens no recorded traffic.
-- remedy: In the settings of the TLS service, allow TLS 1.3 or suites whose name contains ECDHE.
-- source: RFC 9325 section 4.1; BSI TR-02102-2 section 3.3
-- needs: tls_offer of unit from tls
-- power: refutes
WITH offer AS (
	SELECT fact, subject, state, address, port, version, accepted, cipher, forward_secrecy
	FROM tls_offer
	LEFT JOIN reference_tls_ciphers ON name = cipher
	WHERE accepted IS NOT 0
	  -- DTLS of the constrained rests on keys given before (RFC 7252 section 9.1.3.1, RFC 7925 section 4.2)
	  AND coalesce(version, '') NOT GLOB 'DTLS*')
SELECT min(offer.fact)                                      AS fact,
       CASE WHEN max(accepted = 1 AND forward_secrecy = 1 AND version IS NOT NULL) = 1 THEN 'pass'
            WHEN max(version IS NULL) = 1 THEN 'inconclusive'
            WHEN NOT EXISTS (SELECT looked.fact FROM looked
                             WHERE looked.subject = offer.subject AND looked.kind = 'tls_offer'
                               AND looked.from_source = 'tls' AND looked.complete = 1) THEN 'inconclusive'
            -- an offer that may belong here and may have it
            WHEN EXISTS (SELECT other.fact FROM offer AS other
                         WHERE other.subject = offer.subject
                           AND coalesce(other.state, offer.state) IS coalesce(offer.state, other.state)
                           AND coalesce(other.address, offer.address) IS coalesce(offer.address, other.address)
                           AND coalesce(other.port, offer.port) IS coalesce(offer.port, other.port)
                           AND (other.accepted IS NULL OR other.forward_secrecy IS NOT 0)) THEN 'inconclusive'
            ELSE 'fail' END                                 AS verdict,
       printf('port %s: %d of %d accepted suites have it',
              coalesce(port, '?'), total(forward_secrecy), count(*)) AS detail
FROM offer
GROUP BY subject, state, address, port;
