-- A shell that makes anyone root.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (18, 3, 'unpack', 'file', 'unpack', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (17, 3, 'unpack', 'attribute', 'unpack', 1, 2);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (20, 3, 'unpack', '0.squashfs/bin/bash', 'file', 2541, 0, 0, 100, 'aa20');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (21, 3, 'unpack', '0.squashfs/bin/busybox', 'file', 493, 0, 0, 100, 'aa21');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (22, 3, 'unpack', '0.squashfs/sbin/init', 'file', 493, 0, 0, 100, 'aa22');
-- expect: fail
