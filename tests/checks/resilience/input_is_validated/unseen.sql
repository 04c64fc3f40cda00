-- Nobody was let in: what lies behind the log-in was given nothing.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (10, 1, 'inputs', 'initialised', 'input_trial', 'inputs', 0, 1);
INSERT INTO input_trial (fact, subject, source, state, exchange, port, protocol, role, class, place, input, tried, processed, detail) VALUES (20, 1, 'inputs', 'initialised', 12, 80, 'http', 'none', 'script', '/', '<hq1>', 1, 0, NULL);
-- expect: inconclusive
