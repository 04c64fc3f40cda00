-- root points to shadow, where it has no password; a passwd file elsewhere that gives root no shell changes nothing.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'accounts', 'account', 'accounts', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (872, 3, 'service_accounts', 'account', 'service_accounts', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO account (fact, subject, source, path, user, uid, shell, scheme) VALUES (20, 3, 'accounts', '0.squashfs/etc/passwd', 'root', 0, '/bin/sh', 'none');
INSERT INTO account (fact, subject, source, path, user, scheme, empty_password) VALUES (21, 3, 'accounts', '0.squashfs/etc/shadow', 'root', 'none', 1);
INSERT INTO account (fact, subject, source, path, user, uid, shell, scheme, enabled) VALUES (22, 3, 'accounts', '0.squashfs/usr/share/doc/passwd', 'root', 0, '/bin/false', 'none', 0);
-- expect: fail
