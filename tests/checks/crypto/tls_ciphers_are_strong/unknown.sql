-- A suite that is in no list, one without a name, and a weak one perhaps not taken.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 1, 'tls', 'initialised', 'tls_offer', 'tls', 1);
INSERT INTO tls_offer (fact, subject, source, address, port, state, reach, version, cipher, accepted) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'TLSv1.2', 'TLS_GOSTR341112_256_WITH_KUZNYECHIK_CTR_OMAC', 1);
INSERT INTO tls_offer (fact, subject, source, address, port, state, reach, version, cipher, accepted) VALUES (21, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'TLSv1.2', NULL, 1);
INSERT INTO tls_offer (fact, subject, source, address, port, state, reach, version, cipher, accepted) VALUES (22, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'TLSv1.2', 'TLS_RSA_WITH_RC4_128_SHA', NULL);
-- expect: inconclusive
