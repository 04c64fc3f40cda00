-- An image that starts adbd, with no unit to ask.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, enabled, protocol, listen_port) VALUES (21, 3, 'boot_services', '0.squashfs/etc/inittab', 'adbd', '/usr/sbin/adbd', 1, 'adb', 5555);
-- expect: fail
