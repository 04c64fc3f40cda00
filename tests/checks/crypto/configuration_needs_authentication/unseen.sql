-- The probe was not run.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (50, 1, 'http', 'initialised', 'resource', 'http', 0, 'not run');
-- expect: inconclusive
