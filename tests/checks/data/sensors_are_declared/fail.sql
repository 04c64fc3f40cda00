-- A driver of a microphone, of which the dossier says nothing: a question, for it may be of another model.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'unpack', 'file', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (545, 2, 'dossier', '22-ExtSens', 'a', 'description', 'Ống kính camera.', NULL);
INSERT INTO file (fact, subject, source, path, type) VALUES (20, 3, 'unpack', '0.squashfs/lib/modules/hi3516_ai.ko', 'file');
-- expect: inconclusive
