-- A unit that still takes DTLS 1.0, which was made from TLS 1.1.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 1, 'tls', 'initialised', 'tls_offer', 'tls', 1);
INSERT INTO tls_offer (fact, subject, source, address, port, state, reach, version, cipher, accepted) VALUES (20, 1, 'tls', '192.0.2.1', 5684, 'initialised', 'local', 'DTLSv1.2', 'TLS_PSK_WITH_AES_128_CCM_8', 1);
INSERT INTO tls_offer (fact, subject, source, address, port, state, reach, version, cipher, accepted) VALUES (21, 1, 'tls', '192.0.2.1', 5684, 'initialised', 'local', 'DTLSv1.0', 'TLS_PSK_WITH_AES_128_CBC_SHA', 1);
-- parameter: min_version TLSv1.2
-- expect: fail
