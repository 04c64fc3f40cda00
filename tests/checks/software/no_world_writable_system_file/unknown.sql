-- A file whose mode is not known, and an archive where everything is 0777.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (18, 3, 'unpack', 'file', 'unpack', 1, 2);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (20, 3, 'unpack', '0.ext/bin/busybox', 'file', NULL, 0, 0, 100, 'aa20');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (21, 3, 'unpack', '0.cpio/etc/rc', 'file', 511, 0, 0, 100, 'aa21');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (22, 3, 'unpack', '0.cpio/bin/a', 'file', 511, 0, 0, 100, 'aa22');
-- expect: inconclusive
