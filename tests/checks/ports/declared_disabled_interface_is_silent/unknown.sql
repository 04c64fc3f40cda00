-- A UDP port declared disabled said nothing, which proves nothing.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (18, 1, 'ports', 'initialised', 'open_port', 'ports', 1, 65535, 65535);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (900, 1, 'udp', 'initialised', 'open_port', 'udp', 1, 35, 35);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (515, 2, 'dossier', '15-Intf', 'snmp', 'type', 'udp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (516, 2, 'dossier', '15-Intf', 'snmp', 'port', '161');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (517, 2, 'dossier', '15-Intf', 'snmp', 'status', 'disabled');
-- expect: inconclusive
