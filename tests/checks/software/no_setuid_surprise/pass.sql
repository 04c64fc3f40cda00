-- Only programs that always have them take the rights of root; a setgid bit on a file nobody starts is a lock.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (18, 3, 'unpack', 'file', 'unpack', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (17, 3, 'unpack', 'attribute', 'unpack', 1, 2);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (20, 3, 'unpack', '0.squashfs/bin/su', 'file', 2541, 0, 0, 100, 'aa20');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (21, 3, 'unpack', '0.squashfs/bin/ping', 'file', 493, 0, 0, 100, 'aa21');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (22, 3, 'unpack', '0.squashfs/usr/bin/wall', 'file', 1517, 0, 5, 100, 'aa22');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (23, 3, 'unpack', '0.squashfs/data/file', 'file', 1444, 0, 0, 100, 'aa23');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (24, 3, 'unpack', '0.squashfs/bin/sh', 'file', 493, 0, 0, 100, 'aa24');
INSERT INTO attribute (fact, subject, source, path, name, value, bytes) VALUES (25, 3, 'unpack', '0.squashfs/bin/ping', 'security.capability', '0100000200200000000000000000000000000000', 20);
-- expect: pass
