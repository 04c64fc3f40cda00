-- A local link and one from outside, and the unit was looked at from both sides.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, address, state, reach, kind, from_source, complete, required, tried) VALUES (20, 1, 'ports', '192.0.2.1', 'initialised', 'local', 'open_port', 'ports', 1, 65535, 65535);
INSERT INTO looked (fact, subject, source, address, state, reach, kind, from_source, complete, required, tried) VALUES (21, 1, 'ports', '203.0.113.1', 'initialised', 'remote', 'open_port', 'ports', 1, 65535, 65535);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '11-ComMech', 'ssh', 'reach', 'local');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '11-ComMech', 'https', 'reach', 'remote');
-- expect: pass
