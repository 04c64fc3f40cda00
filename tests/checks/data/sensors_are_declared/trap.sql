-- "mic" within "dynamic" declares no microphone.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'unpack', 'file', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (543, 2, 'dossier', '22-ExtSens', 'a', 'description', 'Ống kính camera.', NULL);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (544, 2, 'dossier', '22-ExtSens', 'b', 'description', 'A dynamic range.', NULL);
INSERT INTO file (fact, subject, source, path, type) VALUES (20, 3, 'unpack', '0.squashfs/lib/modules/4.9/sensor_gc2053.ko', 'file');
INSERT INTO file (fact, subject, source, path, type) VALUES (21, 3, 'unpack', '0.squashfs/dev/snd/pcmC0D0c', 'device');
INSERT INTO file (fact, subject, source, path, type) VALUES (22, 3, 'unpack', '0.squashfs/lib/modules/4.9/snd.ko', 'file');
-- expect: inconclusive
