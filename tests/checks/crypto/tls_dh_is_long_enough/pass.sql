-- A unit with a prime of 2048 bits.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 1, 'tls', 'initialised', 'tls_parameter', 'tls', 1);
INSERT INTO tls_parameter (fact, subject, source, address, port, state, reach, version, class, name, accepted) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'TLSv1.2', 'dh_bits', '2048', 1);
INSERT INTO tls_parameter (fact, subject, source, address, port, state, reach, version, class, name, accepted) VALUES (21, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'TLSv1.2', 'dh_prime', 'RFC 3526 group 14', 1);
INSERT INTO tls_parameter (fact, subject, source, address, port, state, reach, version, class, name, accepted) VALUES (22, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'TLSv1.2', 'dh_bits', '1024', 0);
-- parameter: min_dh_bits 2048
-- expect: pass
