-- A key of 512 bits.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'keys', 'key', 'keys', 1, 1);
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint) VALUES (20, 3, 'keys', '0.squashfs/etc/ssl/server.key', 'RSA', 512, 1, 'dd');
-- parameter: min_bits 2048
-- expect: fail
