-- A key under a passphrase, which nobody can compare, and a published one in an example of the documentation.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'keys', 'key', 'keys', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (15, 3, 'keys', 'certificate', 'keys', 1, 0);
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, encrypted, fingerprint) VALUES (20, 3, 'keys', '0.squashfs/etc/ssl/server.key', 'RSA', NULL, 1, 1, NULL);
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint) VALUES (21, 3, 'keys', '0.squashfs/usr/share/doc/tls/server1.key', 'RSA', 2048, 1, 'af0124ea50fbe17b3680aede200e89e4f0a5dc266970614679f7ae3aa1705592');
-- expect: inconclusive
