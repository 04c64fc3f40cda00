-- A Telnet shell that asks for nothing.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (40, 1, 'http', 'initialised', 'login_service', 'http', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (41, 1, 'ssh', 'initialised', 'login_service', 'ssh', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (42, 1, 'telnet', 'initialised', 'login_service', 'telnet', 1);
INSERT INTO login_service (fact, subject, source, address, port, state, reach, protocol, scheme, encrypted, recognised) VALUES (20, 1, 'telnet', '192.0.2.1', 23, 'initialised', 'local', 'telnet', 'none', 0, 1);
-- expect: fail
