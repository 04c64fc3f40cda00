-- The user sets the password; SSH uses a key.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '1-AuthMech', 'web', 'authentication_factor', 'password');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '1-AuthMech', 'web', 'password_generation', 'user_set');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '1-AuthMech', 'web', 'protocol', 'https');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (503, 2, 'dossier', '1-AuthMech', 'web', 'port', '443');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (504, 2, 'dossier', '1-AuthMech', 'ssh', 'authentication_factor', 'key');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (505, 2, 'dossier', '1-AuthMech', 'ssh', 'password_generation', 'none');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (506, 2, 'dossier', '1-AuthMech', 'ssh', 'protocol', 'ssh');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (507, 2, 'dossier', '1-AuthMech', 'ssh', 'port', '22');
-- expect: pass
