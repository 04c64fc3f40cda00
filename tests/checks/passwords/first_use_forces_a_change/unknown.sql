-- What is asked afterwards is not known; another log-in is not declared.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count, reason) VALUES (70, 1, 'first_use', 'factory_default', 'login_attempt', 'first_use', 1, 1, NULL);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, origin, forced_change) VALUES (20, 1, 'first_use', '192.0.2.1', 22, 'factory_default', 'local', 'ssh', 'admin', 'kD8-xq2V-a1', 1, 0, 'known', NULL);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, origin, forced_change) VALUES (21, 1, 'first_use', '192.0.2.1', 23, 'factory_default', 'local', 'telnet', 'admin', 'kD8-xq2V-a1', 1, 0, 'known', 0);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '1-AuthMech', 'ssh', 'protocol', 'ssh');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '1-AuthMech', 'ssh', 'port', '22');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '1-AuthMech', 'ssh', 'password_generation', 'user_set');
-- expect: inconclusive
