-- The stream ends over a sequence number, twice, for all addresses.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (10, 1, 'malformed', 'initialised', 'input_trial', 'malformed', 1, 1);
INSERT INTO input_trial (fact, subject, source, state, exchange, port, protocol, role, class, place, input, tried, processed, detail) VALUES (20, 1, 'malformed', 'initialised', 12, 554, 'rtsp', 'none', 'malformed', 'a sequence number of 4 KiB', '', 1, 1, 'the service answered nobody any more, twice, until it was started again');
-- expect: fail
