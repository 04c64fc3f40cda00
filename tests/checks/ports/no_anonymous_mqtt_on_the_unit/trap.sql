-- Before set-up the broker is open: the owner may still close it.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (70, 1, 'mqtt', 'initialised', 'resource', 'mqtt', 1);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login, detail) VALUES (20, 1, 'mqtt', '192.0.2.1', 1883, 'factory_default', 'local', 'mqtt', '#', 'read', 0, '0 messages in 2 s');
-- expect: inconclusive
