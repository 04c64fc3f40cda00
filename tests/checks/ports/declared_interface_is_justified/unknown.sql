-- No reason, an empty one, and a placeholder.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (511, 2, 'dossier', '15-Intf', 'web', 'type', 'tcp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (512, 2, 'dossier', '15-Intf', 'web', 'port', '443');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (513, 2, 'dossier', '15-Intf', 'web', 'status', 'enabled');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (514, 2, 'dossier', '15-Intf', 'rtsp', 'type', 'tcp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (515, 2, 'dossier', '15-Intf', 'rtsp', 'port', '554');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (516, 2, 'dossier', '15-Intf', 'rtsp', 'status', 'enabled');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value) VALUES (517, 2, 'dossier', '15-Intf', 'rtsp', 'justification', ' ');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (518, 2, 'dossier', '15-Intf', 'ssh', 'type', 'tcp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (519, 2, 'dossier', '15-Intf', 'ssh', 'port', '22');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (520, 2, 'dossier', '15-Intf', 'ssh', 'status', 'enabled');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value) VALUES (521, 2, 'dossier', '15-Intf', 'ssh', 'justification', 'N/A');
-- expect: inconclusive
