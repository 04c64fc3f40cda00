-- An answer that could be either.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (50, 1, 'access', 'initialised', 'access_trial', 'access', 1, 4);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '1-AuthMech', 'web', 'protocol', 'https');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '1-AuthMech', 'web', 'port', '443');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '1-AuthMech', 'web', 'authentication_factor', 'password');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (503, 2, 'dossier', '1-AuthMech', 'web', 'user', 'admin,guest');
INSERT INTO access_trial (fact, subject, source, address, port, state, reach, protocol, role, function, access, allowed) VALUES (21, 1, 'access', '192.0.2.1', 443, 'initialised', 'local', 'https', 'low', '/backup.cfg', 'configure', NULL);
INSERT INTO access_trial (fact, subject, source, address, port, state, reach, protocol, role, function, access, allowed) VALUES (22, 1, 'access', '192.0.2.1', 443, 'initialised', 'local', 'https', 'low', '/x', NULL, 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (51, 1, 'access', 'factory_default', 'access_trial', 'access', 1, 0);
-- expect: inconclusive
