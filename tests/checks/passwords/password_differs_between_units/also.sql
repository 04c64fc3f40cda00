-- One password opens both units, beside another log-in at the same port that takes any.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name, serial) VALUES (4, 'unit', 'B', '0002');
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (70, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 1, 100, 100);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (71, 4, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 1, 100, 100);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'accounts', 'account', 'accounts', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (872, 3, 'service_accounts', 'account', 'service_accounts', 1, 2);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (20, 1, 'default_passwords', '192.0.2.1', 23, 'initialised', 'local', 'telnet', 'root', 'xc3511', 1, 0, 0);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (21, 1, 'default_passwords', '192.0.2.1', 23, 'initialised', 'local', 'telnet', 'hopquy', 'no-such-password', 0, 1, 0);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (30, 4, 'default_passwords', '192.0.2.2', 23, 'initialised', 'local', 'telnet', 'root', 'xc3511', 1, 0, 0);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (31, 4, 'default_passwords', '192.0.2.2', 23, 'initialised', 'local', 'telnet', 'hopquy', 'no-such-password', 0, 1, 0);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (22, 1, 'default_passwords', '192.0.2.1', 23, 'initialised', 'local', 'onvif', 'hopquy', 'no-such-password', 1, 1, NULL);
-- expect: fail
