-- A type not known, and an interface about which the dossier is silent.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (50, 1, 'http', 'initialised', 'disclosure', 'http', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (51, 1, 'ssh', 'initialised', 'disclosure', 'ssh', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (52, 1, 'telnet', 'initialised', 'disclosure', 'telnet', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO disclosure (fact, subject, source, address, port, state, reach, protocol, type, value) VALUES (20, 1, 'http', '192.0.2.1', 443, 'initialised', 'local', 'https', NULL, 'x');
INSERT INTO disclosure (fact, subject, source, address, port, state, reach, protocol, type, value) VALUES (21, 1, 'http', '192.0.2.1', 8443, 'initialised', 'local', 'https', 'version', '1.0');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (512, 2, 'dossier', '15-Intf', 'web', 'type', 'tcp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (513, 2, 'dossier', '15-Intf', 'web', 'port', '443');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (514, 2, 'dossier', '15-Intf', 'web', 'status', 'enabled');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (515, 2, 'dossier', '15-Intf', 'web', 'disclosed_information', 'none');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (516, 2, 'dossier', '15-Intf', 'api', 'type', 'tcp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (517, 2, 'dossier', '15-Intf', 'api', 'port', '8443');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (518, 2, 'dossier', '15-Intf', 'api', 'status', 'enabled');
-- expect: inconclusive
