-- The unit answers TFTP and gives its configuration away.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (16, 1, 'tftp', 'initialised', 'open_port', 'tftp', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (17, 1, 'tftp', 'initialised', 'resource', 'tftp', 1);
INSERT INTO open_port (fact, subject, source, address, port, state, reach, transport, status, service, tls) VALUES (20, 1, 'tftp', '192.0.2.1', 69, 'initialised', 'local', 'udp', 'open', 'tftp', 0);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login, detail) VALUES (22, 1, 'tftp', '192.0.2.1', 69, 'initialised', 'local', 'tftp', 'config.cfg', 'read', 0, 'first block of 512 bytes');
-- cites: 22
-- expect: fail
