-- A challenge may belong to an interface for programs.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (50, 1, 'http', 'initialised', 'login_service', 'http', 1, 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO login_service (fact, subject, source, address, port, state, reach, protocol, scheme, recognised) VALUES (20, 1, 'http', '192.0.2.1', 443, 'initialised', 'local', 'https', 'digest', 1);
-- expect: inconclusive
