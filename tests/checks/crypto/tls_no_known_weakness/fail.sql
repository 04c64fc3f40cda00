-- A unit that hands its memory out.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 1, 'tls', 'initialised', 'tls_weakness', 'tls', 1);
INSERT INTO tls_weakness (fact, subject, source, address, port, state, reach, name, present) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'heartbleed', 1);
INSERT INTO tls_weakness (fact, subject, source, address, port, state, reach, name, present) VALUES (21, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'rc4', 0);
-- expect: fail
