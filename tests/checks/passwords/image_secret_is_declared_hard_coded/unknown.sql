-- A parameter common to all units, its place not said; a hash perhaps not in use; a log-in of a user without a shell; a token that the dossier does not admit.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (71, 3, 'accounts', 'account', 'accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (72, 3, 'service_accounts', 'account', 'service_accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (73, 3, 'keys', 'key', 'keys', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (74, 3, 'hard_coded_login', 'secret', 'hard_coded_login', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (75, 3, 'secrets', 'secret', 'secrets', 1);
INSERT INTO secret (fact, subject, source, path, type, name, detail, confidence) VALUES (42, 3, 'secrets', '0.squashfs/etc/cloud.env', 'AWS access key', NULL, 'ab… (20 bytes)', 'likely');
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, encrypted) VALUES (31, 3, 'keys', '0.squashfs/etc/ssl/camera.key', 'RSA', 2048, 1, 0);
INSERT INTO account (fact, subject, source, path, user, hash, scheme, service) VALUES (22, 3, 'accounts', '0.squashfs/etc/passwd-', 'root', '$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0', 'md5crypt', 'system');
INSERT INTO secret (fact, subject, source, path, type, name, detail, confidence) VALUES (41, 3, 'hard_coded_login', '0.squashfs/www/a.js', 'hard-coded login', 'root', 'ab… (8 bytes)', 'likely');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '10-SecParam', 'web', 'provisioning', 'common');
-- expect: inconclusive
