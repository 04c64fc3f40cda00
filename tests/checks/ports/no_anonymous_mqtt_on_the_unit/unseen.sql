-- Nobody looked for a broker.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (70, 1, 'mqtt', 'initialised', 'resource', 'mqtt', 0, 'not run');
-- expect: inconclusive
