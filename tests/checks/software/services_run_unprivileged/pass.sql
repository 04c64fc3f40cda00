-- Each service has an account of its own, also one that only perhaps starts.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (18, 3, 'unpack', 'file', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (17, 4, 'dossier', 'ics', 'dossier', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (21, 3, 'boot_services', '0.squashfs/etc/inittab', 'lighttpd', '/usr/sbin/lighttpd', 'www', NULL, 80, 'http', 'rc script', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (22, 3, 'boot_services', '0.squashfs/etc/inittab', 'mosquitto', '/usr/sbin/mosquitto', 'mqtt', NULL, 1883, 'mqtt', 'rc script', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (23, 3, 'boot_services', '0.squashfs/etc/init.d/vsftpd', 'vsftpd', '/usr/sbin/vsftpd', 'ftp', NULL, 21, 'ftp', 'rc script', NULL);
INSERT INTO ics (fact, subject, source, provision, support) VALUES (60, 4, 'dossier', '5.6-7', 'Y');
-- expect: pass
