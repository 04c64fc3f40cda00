-- One password for all units.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (508, 2, 'dossier', '1-AuthMech', 'web', 'authentication_factor', 'password');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (509, 2, 'dossier', '1-AuthMech', 'web', 'password_generation', 'common');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (510, 2, 'dossier', '1-AuthMech', 'web', 'protocol', 'https');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (511, 2, 'dossier', '1-AuthMech', 'web', 'port', '443');
-- expect: fail
