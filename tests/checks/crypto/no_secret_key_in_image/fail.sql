-- A private key, and its certificate.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'keys', 'key', 'keys', 1, 1);
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint) VALUES (20, 3, 'keys', '0.squashfs/etc/ssl/server.key', 'RSA', 2048, 1, 'dd');
INSERT INTO certificate (fact, subject, source, path, key_fingerprint) VALUES (21, 3, 'keys', '0.squashfs/etc/ssl/server.pem', 'dd');
-- expect: fail
