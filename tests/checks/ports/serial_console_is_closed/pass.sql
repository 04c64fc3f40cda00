-- No console; the boot loader cannot be stopped.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (18, 3, 'boot_loader', 'setting', 'boot_loader', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (21, 3, 'boot_services', '0.squashfs/etc/inittab', 'sshd', '/usr/sbin/sshd', NULL, NULL, 22, 'ssh', 'rc script', 1);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (30, 3, 'boot_loader', '0.squashfs/etc/x.conf', 'boot_loader.bootdelay', '-2');
-- expect: pass
