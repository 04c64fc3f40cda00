-- No FTP, on the unit or in the image.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (18, 1, 'ports', 'initialised', 'open_port', 'ports', 1, 65535, 65535);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO open_port (fact, subject, source, address, port, state, reach, transport, status, service, tls) VALUES (20, 1, 'ports', '192.0.2.1', 443, 'initialised', 'local', 'tcp', 'open', 'https', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, enabled, protocol, listen_port) VALUES (21, 3, 'boot_services', '0.squashfs/etc/inittab', 'lighttpd', '/usr/sbin/lighttpd', 1, 'http', 80);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (16, 1, 'ftp', 'initialised', 'login_service', 'ftp', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (17, 1, 'ftp', 'initialised', 'resource', 'ftp', 1);
-- expect: pass
