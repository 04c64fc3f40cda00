-- A stranger reads every topic of the set-up unit.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (70, 1, 'mqtt', 'initialised', 'resource', 'mqtt', 1);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login, detail) VALUES (20, 1, 'mqtt', '192.0.2.1', 1883, 'initialised', 'local', 'mqtt', 'CONNECT', NULL, 0, 'MQTT 3.1.1: accepted without a log-in');
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login, detail) VALUES (21, 1, 'mqtt', '192.0.2.1', 1883, 'initialised', 'local', 'mqtt', '#', 'read', 0, '1 messages in 2 s: cam/1/motion');
-- expect: fail
