-- A key of which nobody knows whether it is private, and one printed in documentation.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'keys', 'key', 'keys', 1, 1);
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint) VALUES (20, 3, 'keys', '0.squashfs/etc/ssl/server.key', 'RSA', 2048, NULL, 'dd');
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint) VALUES (21, 3, 'keys', '0.squashfs/usr/share/doc/tls/README', 'RSA', 2048, 1, 'ee');
-- expect: inconclusive
