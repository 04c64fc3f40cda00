-- An earlier line that may say otherwise, an algorithm in no list, a file that the server is not started with.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'settings', 'setting', 'settings', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (73, 3, 'boot_services', 'boot_service', 'boot_services', 1, 1);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (21, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.Ciphers', NULL);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (22, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.Ciphers', '3des-cbc');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (23, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.MACs', 'hmac-vendor');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (24, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.KexAlgorithms', NULL);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (25, 3, 'settings', '0.squashfs/etc/ssh/old_config', 'sshd.HostKeyAlgorithms', 'ssh-dss');
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (26, 3, 'boot_services', 'sshd', '/usr/sbin/sshd -f /etc/ssh/sshd_config', 1);
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (27, 3, 'boot_services', 'sshd', 'sshd', NULL);
-- expect: inconclusive
