-- A look whose result is not known.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (10, 1, 'liveness', 'initialised', 'liveness', 'liveness', 1, 0);
INSERT INTO liveness (fact, subject, source, state, exchange, after, alive) VALUES (20, 1, 'liveness', 'initialised', 12, 'tls', NULL);
-- expect: inconclusive
