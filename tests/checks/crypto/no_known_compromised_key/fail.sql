-- The server key that came with a TLS library, and its certificate.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'keys', 'key', 'keys', 1, 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (15, 3, 'keys', 'certificate', 'keys', 1, 1);
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint) VALUES (20, 3, 'keys', '0.cramfs/bin/Camera', 'RSA', 2048, 1, 'af0124ea50fbe17b3680aede200e89e4f0a5dc266970614679f7ae3aa1705592');
INSERT INTO certificate (fact, subject, source, path, key_fingerprint) VALUES (21, 3, 'keys', '0.cramfs/bin/Camera', 'af0124ea50fbe17b3680aede200e89e4f0a5dc266970614679f7ae3aa1705592');
-- expect: fail
