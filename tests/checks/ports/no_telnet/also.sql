-- One port, HTTPS to who says a hello and Telnet in clear to who waits.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (18, 1, 'ports', 'initialised', 'open_port', 'ports', 1, 65535, 65535);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (16, 1, 'telnet', 'initialised', 'login_service', 'telnet', 1);
INSERT INTO open_port (fact, subject, source, address, port, state, reach, transport, status, service, tls) VALUES (20, 1, 'ports', '192.0.2.1', 443, 'initialised', 'local', 'tcp', 'open', 'https', 1);
INSERT INTO open_port (fact, subject, source, address, port, state, reach, transport, status, service, tls) VALUES (21, 1, 'ports', '192.0.2.1', 443, 'initialised', 'local', 'tcp', 'open', 'telnet', 0);
-- expect: fail
