-- A unit whose port 69 is closed, with a web server and a page for anyone.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (16, 1, 'tftp', 'initialised', 'open_port', 'tftp', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (17, 1, 'tftp', 'initialised', 'resource', 'tftp', 1);
INSERT INTO open_port (fact, subject, source, address, port, state, reach, transport, status, service, tls) VALUES (20, 1, 'udp', '192.0.2.1', 1900, 'initialised', 'local', 'udp', 'open', 'upnp', 0);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login, detail) VALUES (21, 1, 'http', '192.0.2.1', 80, 'initialised', 'local', 'http', '/', 'read', 0, '200');
-- expect: pass
