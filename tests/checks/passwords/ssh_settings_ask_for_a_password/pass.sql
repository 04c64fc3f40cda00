-- Empty passwords are refused, for everybody and for some.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'settings', 'setting', 'settings', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (73, 3, 'boot_services', 'boot_service', 'boot_services', 1, 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (74, 3, 'accounts', 'account', 'accounts', 1, 1);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (21, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.PermitEmptyPasswords', 'no');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (22, 3, 'settings', '0.squashfs/etc/ssh/sshd_config', 'sshd.Match.PermitEmptyPasswords', 'no');
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (23, 3, 'boot_services', 'sshd', '/usr/sbin/sshd -D', 1);
INSERT INTO account (fact, subject, source, path, user, empty_password, enabled) VALUES (24, 3, 'accounts', '0.squashfs/etc/shadow', 'root', 1, 1);
-- expect: pass
