-- The probes were not run.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (40, 1, 'http', 'initialised', 'login_service', 'http', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (41, 1, 'ssh', 'initialised', 'login_service', 'ssh', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (42, 1, 'telnet', 'initialised', 'login_service', 'telnet', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (508, 2, 'dossier', '1-AuthMech', 'web', 'authentication_factor', 'password');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (509, 2, 'dossier', '1-AuthMech', 'web', 'password_generation', 'user_set');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (510, 2, 'dossier', '1-AuthMech', 'web', 'protocol', 'https');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (511, 2, 'dossier', '1-AuthMech', 'web', 'port', '443');
-- expect: inconclusive
