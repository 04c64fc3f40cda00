-- One that is perhaps none, one in a file that the dossier names.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'hard_coded_login', 'secret', 'hard_coded_login', 1, 1);
INSERT INTO secret (fact, subject, source, path, type, name, detail, confidence) VALUES (20, 3, 'hard_coded_login', '0.squashfs/www/a.js', 'hard-coded login', 'admin', 'a… (5 bytes)', 'likely');
INSERT INTO secret (fact, subject, source, path, type, name, detail, confidence) VALUES (21, 3, 'hard_coded_login', '0.squashfs/etc/init.d/rcS', 'hard-coded login', 'root', 'ab… (8 bytes)', 'certain');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '10-SecParam', 'factory', 'storage', '/etc/init.d/rcS');
-- expect: inconclusive
