-- The hash's file is listed.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (71, 3, 'accounts', 'account', 'accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (72, 3, 'service_accounts', 'account', 'service_accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (73, 3, 'keys', 'key', 'keys', 1);
INSERT INTO account (fact, subject, source, path, user, hash, scheme, enabled, empty_password, service) VALUES (21, 3, 'accounts', '0.squashfs/etc/shadow', 'root', '$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0', 'md5crypt', 1, 0, 'system');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '10-SecParam', 'root', 'storage', '/etc/shadow');
-- expect: pass
