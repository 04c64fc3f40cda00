-- Strong lists; what is taken out of the default list.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'settings', 'setting', 'settings', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (73, 3, 'boot_services', 'boot_service', 'boot_services', 1, 1);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (21, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.Ciphers', 'chacha20-poly1305@openssh.com,aes256-gcm@openssh.com');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (22, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.MACs', '-hmac-md5,hmac-sha1-96');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (23, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.KexAlgorithms', '^curve25519-sha256');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (24, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.HostKeyAlgorithms', 'ssh-ed25519');
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (25, 3, 'boot_services', 'sshd', '/usr/sbin/sshd -D', 1);
-- expect: pass
