-- Nothing of the build; a folder and a module of an old kernel only look like it.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (18, 3, 'unpack', 'file', 'unpack', 1, 2);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (20, 3, 'unpack', '0.squashfs/bin/busybox', 'file', 493, 0, 0, 100, 'aa20');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid) VALUES (21, 3, 'unpack', '0.squashfs/usr/lib/core', 'folder', 493, 0, 0);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (22, 3, 'unpack', '0.squashfs/lib/modules/2.6.36/net.o', 'file', 420, 0, 0, 100, 'aa22');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (23, 3, 'unpack', '0.squashfs/www/app.js', 'file', 420, 0, 0, 100, 'aa23');
-- expect: pass
