-- What it would do, or whether it asked, is not known.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, tried, required) VALUES (50, 1, 'http', 'initialised', 'resource', 'http', 1, 195, 195);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login) VALUES (20, 1, 'http', '192.0.2.1', 443, 'initialised', 'local', 'https', '/x', NULL, 0);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login) VALUES (21, 1, 'http', '192.0.2.1', 443, 'initialised', 'local', 'https', '/backup.cfg', 'configure', NULL);
-- expect: inconclusive
