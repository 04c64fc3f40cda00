-- Files of a read-only system whose packer kept no modes, links, and a shared folder with the sticky bit.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (18, 3, 'unpack', 'file', 'unpack', 1, 2);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (20, 3, 'unpack', '0.ext/bin/busybox', 'file', 493, 0, 0, 100, 'aa20');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid) VALUES (21, 3, 'unpack', '0.ext/usr/tmp', 'folder', 1023, 0, 0);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, link_target) VALUES (22, 3, 'unpack', '0.ext/etc/mtab', 'link', 511, 0, 0, '/proc/mounts');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (23, 3, 'unpack', '0.cramfs/bin/tool', 'file', 511, 0, 0, 100, 'aa23');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (24, 3, 'unpack', '0.ext/var/log/x', 'file', 438, 0, 0, 100, 'aa24');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (25, 3, 'unpack', '0.ext/etc/passwd', 'file', 420, 0, 0, 100, 'aa25');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (26, 3, 'unpack', '0.ext/lib/libc.so', 'file', 493, 0, 0, 100, 'aa26');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (27, 3, 'unpack', '0.ext/sbin/init', 'file', 493, 0, 0, 100, 'aa27');
-- expect: pass
