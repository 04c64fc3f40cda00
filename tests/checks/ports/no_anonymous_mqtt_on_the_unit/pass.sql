-- One broker, which refuses a stranger; a web page open to him is no topic.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (70, 1, 'mqtt', 'initialised', 'resource', 'mqtt', 1);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login, detail) VALUES (20, 1, 'mqtt', '192.0.2.1', 8883, 'initialised', 'local', 'mqtt', '#', 'read', 1, 'CONNECT is refused without a log-in');
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login, detail) VALUES (21, 1, 'http', '192.0.2.1', 80, 'initialised', 'local', 'http', '/', 'read', 0, '200');
-- expect: pass
