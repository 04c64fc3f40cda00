-- A debugger and an applet by link: a question, never a fail.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (18, 3, 'unpack', 'file', 'unpack', 1, 2);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (20, 3, 'unpack', '0.squashfs/usr/bin/gdbserver', 'file', 493, 0, 0, 100, 'aa20');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, link_target) VALUES (21, 3, 'unpack', '0.squashfs/usr/sbin/telnetd', 'link', 511, 0, 0, '../../bin/busybox');
-- expect: inconclusive
