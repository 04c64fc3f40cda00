-- A key, a hash and a built-in log-in, and the dossier knows of parameters of each unit alone.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (71, 3, 'accounts', 'account', 'accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (72, 3, 'service_accounts', 'account', 'service_accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (73, 3, 'keys', 'key', 'keys', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (74, 3, 'hard_coded_login', 'secret', 'hard_coded_login', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (75, 3, 'secrets', 'secret', 'secrets', 1);
INSERT INTO account (fact, subject, source, path, user, hash, scheme, enabled, empty_password, service) VALUES (21, 3, 'accounts', '0.squashfs/etc/shadow', 'root', '$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0', 'md5crypt', 1, 0, 'system');
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, encrypted) VALUES (31, 3, 'keys', '0.squashfs/etc/ssl/camera.key', 'RSA', 2048, 1, 0);
INSERT INTO secret (fact, subject, source, path, type, name, detail, confidence) VALUES (41, 3, 'hard_coded_login', '0.squashfs/etc/init.d/rcS', 'hard-coded login', 'root', 'ab… (8 bytes)', 'certain');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '10-SecParam', 'web', 'storage', '/data/users');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '10-SecParam', 'web', 'provisioning', 'user');
-- expect: fail
