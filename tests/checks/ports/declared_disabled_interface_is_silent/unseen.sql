-- Nobody scanned the unit.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (18, 1, 'ports', 'initialised', 'open_port', 'ports', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (900, 1, 'udp', 'initialised', 'open_port', 'udp', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (512, 2, 'dossier', '15-Intf', 'telnet', 'type', 'tcp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (513, 2, 'dossier', '15-Intf', 'telnet', 'port', '23');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (514, 2, 'dossier', '15-Intf', 'telnet', 'status', 'disabled');
-- expect: inconclusive
