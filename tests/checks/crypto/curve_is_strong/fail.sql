-- A key on a curve of 160 bits.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'keys', 'key', 'keys', 1, 1);
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint, curve) VALUES (20, 3, 'keys', '0.squashfs/etc/ssl/server.key', 'EC', 160, 1, 'dd', 'secp160r1');
-- expect: fail
