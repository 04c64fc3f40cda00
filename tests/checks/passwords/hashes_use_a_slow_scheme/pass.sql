-- sha512crypt; a locked account does not count.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'accounts', 'account', 'accounts', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (872, 3, 'service_accounts', 'account', 'service_accounts', 1, 2);
INSERT INTO account (fact, subject, source, path, user, hash, scheme, enabled) VALUES (20, 3, 'accounts', '0.squashfs/etc/shadow', 'root', '$6$x', 'sha512crypt', 1);
INSERT INTO account (fact, subject, source, path, user, hash, scheme, enabled, empty_password) VALUES (21, 3, 'accounts', '0.squashfs/etc/shadow', 'daemon', '!', 'locked', 0, 0);
-- expect: pass
