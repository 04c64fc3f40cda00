-- md5crypt.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'accounts', 'account', 'accounts', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (872, 3, 'service_accounts', 'account', 'service_accounts', 1, 2);
INSERT INTO account (fact, subject, source, path, user, hash, scheme, enabled, empty_password) VALUES (20, 3, 'accounts', '0.squashfs/etc/shadow', 'root', '$1$RYIwEiRA$d5iRRVQ5ZeRTrJwGjRy.B0', 'md5crypt', 1, 0);
-- expect: fail
