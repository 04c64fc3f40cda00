-- Everything was given, nothing taken; a service that ended over a message is the matter of another check.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (10, 1, 'inputs', 'initialised', 'input_trial', 'inputs', 1, 1);
INSERT INTO input_trial (fact, subject, source, state, exchange, port, protocol, role, class, place, input, tried, processed, detail) VALUES (20, 1, 'inputs', 'initialised', 12, 80, 'http', 'none', 'traversal', '/', '../', 1, 0, NULL);
INSERT INTO input_trial (fact, subject, source, state, exchange, port, protocol, role, class, place, input, tried, processed, detail) VALUES (21, 1, 'malformed', 'initialised', 12, 80, 'http', 'none', 'malformed', 'a path of 8 KiB', '', 1, 1, 'twice');
-- expect: pass
