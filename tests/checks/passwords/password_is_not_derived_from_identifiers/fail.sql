-- The end of the MAC address.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count, reason) VALUES (70, 1, 'first_use', 'factory_default', 'login_attempt', 'first_use', 1, 1, NULL);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, origin, forced_change) VALUES (20, 1, 'first_use', '192.0.2.1', 22, 'factory_default', 'local', 'ssh', 'admin', 'cam-AABBCC', 1, 0, 'known', 0);
INSERT INTO disclosure (fact, subject, source, address, port, state, reach, protocol, type, value) VALUES (30, 1, 'http', '192.0.2.1', 80, 'factory_default', 'local', 'http', 'mac', '00:11:22:aa:bb:cc');
-- expect: fail
