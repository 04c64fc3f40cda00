-- Everyone reads the key.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'keys', 'key', 'keys', 1, 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (15, 3, 'unpack', 'file', 'unpack', 1, 9);
INSERT INTO key (fact, subject, source, path, offset, algorithm, private, encrypted, fingerprint, embedded) VALUES (20, 3, 'keys', '0.squashfs/etc/server.key', 0, 'RSA', 1, 0, 'dd', 0);
INSERT INTO file (fact, subject, source, path, type, mode) VALUES (21, 3, 'unpack', '0.squashfs/etc/server.key', 'file', 420);
-- expect: fail
