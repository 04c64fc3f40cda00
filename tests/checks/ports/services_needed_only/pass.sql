-- The web server is declared, and another by a word of its entry.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (17, 4, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (21, 3, 'boot_services', '0.squashfs/etc/inittab', 'lighttpd', '/usr/sbin/lighttpd', NULL, NULL, 443, 'http', 'rc script', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (22, 3, 'boot_services', '0.squashfs/etc/inittab', 'pure-ftpd', '/usr/sbin/pure-ftpd', NULL, NULL, 21, 'ftp', 'rc script', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (40, 4, 'dossier', '13-SoftServ', 'lighttpd', 'status', NULL, 'enabled');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (41, 4, 'dossier', '13-SoftServ', 'ftp-server (Pure-FTPd)', 'status', NULL, 'enabled');
-- expect: pass
