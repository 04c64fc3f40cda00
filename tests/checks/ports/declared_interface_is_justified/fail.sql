-- An enabled interface whose reason says that nobody uses it.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (507, 2, 'dossier', '15-Intf', 'web', 'type', 'tcp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (508, 2, 'dossier', '15-Intf', 'web', 'port', '443');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (509, 2, 'dossier', '15-Intf', 'web', 'status', 'enabled');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value) VALUES (510, 2, 'dossier', '15-Intf', 'web', 'justification', 'Not used.');
-- expect: fail
