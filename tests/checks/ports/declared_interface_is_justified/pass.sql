-- An enabled interface with a reason, and a disabled one without.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '15-Intf', 'web', 'type', 'tcp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '15-Intf', 'web', 'port', '443');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '15-Intf', 'web', 'status', 'enabled');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value) VALUES (503, 2, 'dossier', '15-Intf', 'web', 'justification', 'Thiết lập camera tại đây.');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (504, 2, 'dossier', '15-Intf', 'telnet', 'type', 'tcp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (505, 2, 'dossier', '15-Intf', 'telnet', 'port', '23');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (506, 2, 'dossier', '15-Intf', 'telnet', 'status', 'disabled');
-- expect: pass
