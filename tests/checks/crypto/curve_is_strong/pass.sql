-- P-256 by its OpenSSL name, and an RSA key, which has no curve.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'keys', 'key', 'keys', 1, 1);
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint, curve) VALUES (20, 3, 'keys', '0.squashfs/etc/ssl/server.key', 'EC', 256, 0, 'dd', 'prime256v1');
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint) VALUES (21, 3, 'keys', '0.squashfs/etc/ssl/server.key', 'RSA', 2048, 0, 'dd');
-- expect: pass
