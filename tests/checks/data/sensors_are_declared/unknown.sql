-- A camera driver, and a dossier that was not read.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'unpack', 'file', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 0);
INSERT INTO file (fact, subject, source, path, type) VALUES (20, 3, 'unpack', '0.squashfs/lib/modules/uvcvideo.ko', 'file');
-- expect: inconclusive
