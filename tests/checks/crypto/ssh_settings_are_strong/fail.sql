-- A list with 3DES; SHA-1 signatures added to the default list.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'settings', 'setting', 'settings', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (73, 3, 'boot_services', 'boot_service', 'boot_services', 1, 1);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (21, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.Ciphers', 'aes256-ctr,3des-cbc');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (22, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.KexAlgorithms', '^diffie-hellman-group1-sha1');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (23, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.HostKeyAlgorithms', '+ssh-rsa');
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (24, 3, 'boot_services', 'sshd', '/usr/sbin/sshd -D -f /etc/ssh/sshd_config', 1);
-- expect: fail
