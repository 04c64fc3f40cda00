-- Nobody could tell: no port was open.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (10, 1, 'liveness', 'initialised', 'liveness', 'liveness', 0, 0);
-- expect: inconclusive
