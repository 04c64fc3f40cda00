-- Everyone may write the start script of a system that is written to.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (18, 3, 'unpack', 'file', 'unpack', 1, 2);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (20, 3, 'unpack', '0.ext/bin/busybox', 'file', 493, 0, 0, 100, 'aa20');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (21, 3, 'unpack', '0.ext/etc/init.d/rcS', 'file', 511, 0, 0, 100, 'aa21');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (22, 3, 'unpack', '0.ext/etc/passwd', 'file', 420, 0, 0, 100, 'aa22');
-- expect: fail
