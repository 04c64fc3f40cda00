-- No TFTP: an idle script does not count.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (18, 3, 'settings', 'setting', 'settings', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (21, 3, 'boot_services', '0.squashfs/etc/inittab', 'tftpd', '/usr/sbin/tftpd', NULL, NULL, 69, 'tftp', 'rc script', 0);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (22, 3, 'boot_services', '0.squashfs/etc/inittab', 'lighttpd', '/usr/sbin/lighttpd', NULL, NULL, 80, 'http', 'rc script', 1);
-- expect: pass
