-- A key of the cloud that the dossier does not admit opens something; what only may be a token, and a vector, open nothing.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (71, 3, 'accounts', 'account', 'accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (72, 3, 'service_accounts', 'account', 'service_accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (73, 3, 'keys', 'key', 'keys', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (74, 3, 'hard_coded_login', 'secret', 'hard_coded_login', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (75, 3, 'secrets', 'secret', 'secrets', 1);
INSERT INTO secret (fact, subject, source, path, type, name, detail, confidence) VALUES (42, 3, 'secrets', '0.squashfs/etc/cloud.env', 'AWS access key', NULL, 'ab… (20 bytes)', 'likely');
INSERT INTO secret (fact, subject, source, path, type, name, detail, confidence) VALUES (43, 3, 'secrets', '0.squashfs/bin/cam', 'token', 'secret', 'ab… (20 bytes)', 'possible');
INSERT INTO secret (fact, subject, source, path, type, name, detail, confidence) VALUES (44, 3, 'secrets', '0.squashfs/bin/cam', 'initial vector', 'aes_iv', 'ab… (20 bytes)', 'likely');
INSERT INTO secret (fact, subject, source, path, type, name, detail, confidence) VALUES (45, 3, 'secrets', '0.squashfs/etc/cloud.env', 'AWS access key', NULL, 'ab… (20 bytes)', 'likely');
INSERT INTO account (fact, subject, source, path, user, hash, scheme, enabled, empty_password, service) VALUES (21, 3, 'accounts', '0.squashfs/etc/shadow', 'root', '$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0', 'md5crypt', 1, 0, 'system');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '10-SecParam', 'root', 'storage', '/etc/shadow');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '10-SecParam', 'root', 'provisioning', 'user');
-- cites: 42
-- expect: inconclusive
