-- A history of sources and a memory dump: a question, never a fail.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (18, 3, 'unpack', 'file', 'unpack', 1, 2);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid) VALUES (20, 3, 'unpack', '0.squashfs/www/.git', 'folder', 493, 0, 0);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (21, 3, 'unpack', '0.squashfs/root/core', 'file', 384, 0, 0, 100, 'aa21');
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, bytes, sha256) VALUES (22, 3, 'unpack', '0.squashfs/www/cgi/login.c', 'file', 420, 0, 0, 100, 'aa22');
-- expect: inconclusive
