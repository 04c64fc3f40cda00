-- A web page with a password of a list, beside an ONVIF service at the same port that takes any.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (70, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 1, 100, 100);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (20, 1, 'default_passwords', '192.0.2.1', 80, 'initialised', 'local', 'http', 'root', 'xc3511', 1, 0, 0);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (21, 1, 'default_passwords', '192.0.2.1', 80, 'initialised', 'local', 'http', 'hopquy', 'no-such-password', 0, 1, 0);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (23, 1, 'default_passwords', '192.0.2.1', 80, 'initialised', 'local', 'onvif', 'hopquy', 'no-such-password', 1, 1, NULL);
-- cites: 20
-- expect: fail
