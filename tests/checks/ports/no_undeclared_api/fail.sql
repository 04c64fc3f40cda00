-- A configuration interface, and a table that names none.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, tried, required) VALUES (50, 1, 'http', 'initialised', 'resource', 'http', 1, 195, 195);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login) VALUES (20, 1, 'http', '192.0.2.1', 443, 'initialised', 'local', 'https', '/get_params.cgi', 'configure', 0);
-- cites: 20
-- expect: fail
