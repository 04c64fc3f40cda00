-- Open before it is set up: another clause.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, tried, required) VALUES (50, 1, 'http', 'initialised', 'resource', 'http', 1, 195, 195);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '1-AuthMech', 'web', 'protocol', 'https');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '1-AuthMech', 'web', 'port', '443');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '1-AuthMech', 'web', 'authentication_factor', 'password');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (503, 2, 'dossier', '1-AuthMech', 'web', 'user', 'admin');
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login) VALUES (20, 1, 'http', '192.0.2.1', 443, 'factory_default', 'local', 'https', '/rom-0', 'configure', 0);
-- expect: pass
