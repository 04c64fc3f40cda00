-- Nobody scanned the unit.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, address, state, kind, from_source, complete, required, tried) VALUES (2, 1, 'ports', NULL, 'initialised', 'open_port', 'ports', 0, NULL, NULL);
-- expect: inconclusive
