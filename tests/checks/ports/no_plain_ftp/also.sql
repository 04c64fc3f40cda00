-- FTP over TLS for users, and files for anyone in clear.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (18, 1, 'ports', 'initialised', 'open_port', 'ports', 1, 65535, 65535);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (16, 1, 'ftp', 'initialised', 'login_service', 'ftp', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (17, 1, 'ftp', 'initialised', 'resource', 'ftp', 1);
INSERT INTO open_port (fact, subject, source, address, port, state, reach, transport, status, service, tls) VALUES (20, 1, 'ports', '192.0.2.1', 21, 'initialised', 'local', 'tcp', 'open', 'ftp', 0);
INSERT INTO login_service (fact, subject, source, address, port, state, reach, protocol, scheme, encrypted, recognised) VALUES (21, 1, 'ftp', '192.0.2.1', 21, 'initialised', 'local', 'ftps', 'password', 1, 1);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login, detail) VALUES (22, 1, 'ftp', '192.0.2.1', 21, 'initialised', 'local', 'ftp', '/', 'read', 0, 'manual.pdf');
-- cites: 22
-- expect: fail
