-- Whether the TFTP server starts is not known; dnsmasq may serve TFTP too.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (18, 3, 'settings', 'setting', 'settings', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (21, 3, 'boot_services', '0.squashfs/etc/inittab', 'tftpd', '/usr/sbin/tftpd', NULL, NULL, 69, 'tftp', 'rc script', NULL);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (30, 3, 'settings', '0.squashfs/etc/x.conf', 'dnsmasq.enable-tftp', '');
-- expect: inconclusive
