-- Services the dossier does not name: it may be incomplete, or the services needless. Another's name that holds theirs names neither.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (17, 4, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (22, 3, 'boot_services', '0.squashfs/etc/inittab', 'httpd', '/usr/sbin/httpd', NULL, NULL, 80, 'http', 'rc script', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (23, 3, 'boot_services', '0.squashfs/etc/inetd.conf', 'sh', '1234 stream tcp nowait root /bin/sh sh', 'root', NULL, 1234, 'shell', 'inetd', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (40, 4, 'dossier', '13-SoftServ', 'lighttpd', 'status', NULL, 'enabled');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (41, 4, 'dossier', '13-SoftServ', 'sshd', 'status', NULL, 'enabled');
-- expect: inconclusive
