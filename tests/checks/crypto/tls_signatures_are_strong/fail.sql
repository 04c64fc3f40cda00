-- A unit that signs with MD5 for who asks.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 1, 'tls', 'initialised', 'tls_parameter', 'tls', 1);
INSERT INTO tls_parameter (fact, subject, source, address, port, state, reach, version, class, name, accepted) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'TLSv1.2', 'signature_algorithm', 'rsa_pss_rsae_sha256', 1);
INSERT INTO tls_parameter (fact, subject, source, address, port, state, reach, version, class, name, accepted) VALUES (21, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'TLSv1.2', 'signature_algorithm', 'rsa_pkcs1_md5', 1);
-- expect: fail
