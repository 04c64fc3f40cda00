-- A usual community opens the unit; another protocol at that port number takes any.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (71, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 1);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (20, 1, 'default_passwords', '192.0.2.1', 161, 'initialised', 'local', 'snmp', '', 'private', 1, 0, NULL);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (21, 1, 'default_passwords', '192.0.2.1', 161, 'initialised', 'local', 'snmp', '', '0f12ab', 0, 1, NULL);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (22, 1, 'default_passwords', '192.0.2.1', 161, 'initialised', 'local', 'http', 'hopquy', 'no-such-password', 1, 1, NULL);
-- expect: fail
