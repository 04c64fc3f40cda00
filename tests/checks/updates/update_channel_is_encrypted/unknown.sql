-- In clear, perhaps for updates; and a unit is there, which decides.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'update_client', 'setting', 'update_client', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (510, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', NULL, 'channel');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (511, 2, 'dossier', '7-UpdMech', 'ota', 'over_network', NULL, 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (512, 2, 'dossier', '7-UpdMech', 'ota', 'initiation', NULL, 'automatic');
INSERT INTO setting (fact, subject, source, path, offset, name, value, confidence) VALUES (20, 3, 'update_client', '0.squashfs/usr/bin/ota', 40, 'update_client.url', 'http://fw.camera.vn/a.bin', 'certain');
INSERT INTO setting (fact, subject, source, path, offset, name, value, confidence) VALUES (21, 3, 'update_client', '0.squashfs/usr/bin/ota', 40, 'update_client.url', 'http://feed.camera.vn/', 'possible');
-- expect: inconclusive
