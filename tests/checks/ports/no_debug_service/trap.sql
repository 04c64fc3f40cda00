-- What speaks under TLS was not recognised: it may be a shell.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (18, 1, 'ports', 'initialised', 'open_port', 'ports', 1, 65535, 65535);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (900, 1, 'udp', 'initialised', 'open_port', 'udp', 1, 35, 35);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO open_port (fact, subject, source, address, port, state, reach, transport, status, service, tls) VALUES (20, 1, 'ports', '192.0.2.1', 8443, 'initialised', 'local', 'tcp', 'open', 'tls', 1);
-- expect: inconclusive
