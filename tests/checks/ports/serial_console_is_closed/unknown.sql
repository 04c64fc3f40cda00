-- A shell on a serial line within the casing, and a boot loader that waits: questions for whoever opens it.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (18, 3, 'boot_loader', 'setting', 'boot_loader', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (21, 3, 'boot_services', '0.squashfs/etc/inittab', 'sh', '/bin/sh', NULL, NULL, NULL, 'console', 'inittab', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (22, 3, 'boot_services', '0.squashfs/etc/inittab', 'getty', '/sbin/getty -L ttyS0 115200', NULL, NULL, NULL, 'console', 'rc script', 1);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (30, 3, 'settings', '0.squashfs/etc/x.conf', 'boot_loader.bootdelay', '3');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (31, 3, 'settings', '0.squashfs/etc/x.conf', 'boot_loader.console', 'ttyS0,115200');
-- expect: inconclusive
