-- DTLS with keys given before, as RFC 7252 asks, beside a TLS service with ECDHE.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 1, 'tls', 'initialised', 'tls_offer', 'tls', 1);
INSERT INTO tls_offer (fact, subject, source, address, port, state, reach, version, cipher, accepted) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'TLSv1.2', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 1);
INSERT INTO tls_offer (fact, subject, source, address, port, state, reach, version, cipher, accepted) VALUES (21, 1, 'tls', '192.0.2.1', 5684, 'initialised', 'local', 'DTLSv1.2', 'TLS_PSK_WITH_AES_128_CCM_8', 1);
-- expect: pass
