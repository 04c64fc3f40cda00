-- The probes were not run.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (50, 1, 'http', 'initialised', 'disclosure', 'http', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (51, 1, 'ssh', 'initialised', 'disclosure', 'ssh', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (52, 1, 'telnet', 'initialised', 'disclosure', 'telnet', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (508, 2, 'dossier', '15-Intf', 'web', 'type', 'tcp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (509, 2, 'dossier', '15-Intf', 'web', 'port', '443');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (510, 2, 'dossier', '15-Intf', 'web', 'status', 'enabled');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (511, 2, 'dossier', '15-Intf', 'web', 'disclosed_information', 'none');
-- expect: inconclusive
