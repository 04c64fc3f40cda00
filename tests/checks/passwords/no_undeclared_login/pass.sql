-- The web log-in is declared; port 80 only sends on to it.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (40, 1, 'http', 'initialised', 'login_service', 'http', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (41, 1, 'ssh', 'initialised', 'login_service', 'ssh', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (42, 1, 'telnet', 'initialised', 'login_service', 'telnet', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO login_service (fact, subject, source, address, port, state, reach, protocol, scheme, encrypted, recognised) VALUES (20, 1, 'http', '192.0.2.1', 443, 'initialised', 'local', 'https', 'form', 1, 1);
INSERT INTO login_service (fact, subject, source, address, port, state, reach, protocol, scheme, realm, encrypted, recognised) VALUES (21, 1, 'http', '192.0.2.1', 80, 'initialised', 'local', 'http', 'none', 'sends on to https', 1, 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '1-AuthMech', 'web', 'authentication_factor', 'password');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '1-AuthMech', 'web', 'password_generation', 'user_set');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '1-AuthMech', 'web', 'protocol', 'https');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (503, 2, 'dossier', '1-AuthMech', 'web', 'port', '443');
-- expect: pass
