-- No TFTP: an idle script does not count.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (18, 3, 'settings', 'setting', 'settings', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (21, 3, 'boot_services', '0.squashfs/etc/inittab', 'tftpd', '/usr/sbin/tftpd', NULL, NULL, 69, 'tftp', 'rc script', 0);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (22, 3, 'boot_services', '0.squashfs/etc/inittab', 'lighttpd', '/usr/sbin/lighttpd', NULL, NULL, 80, 'http', 'rc script', 1);
INSERT INTO subject (fact, type, name, serial) VALUES (901, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (902, 901, 'udp', 'initialised', 'open_port', 'udp', 1, 35, 35);
INSERT INTO open_port (fact, subject, source, address, port, state, reach, transport, status, service, tls) VALUES (903, 901, 'udp', '192.0.2.1', 69, 'initialised', 'local', 'udp', 'closed', NULL, NULL);
INSERT INTO open_port (fact, subject, source, address, port, state, reach, transport, status, service, tls) VALUES (904, 901, 'udp', '192.0.2.1', 161, 'initialised', 'local', 'udp', 'open', 'snmp', 0);
-- expect: pass
