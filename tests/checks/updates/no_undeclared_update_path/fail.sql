-- Only a card is declared, a script fetches firmware and writes it.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'update_client', 'setting', 'update_client', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (528, 2, 'dossier', '7-UpdMech', 'card', 'cryptographic_details', NULL, 'signature');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (529, 2, 'dossier', '7-UpdMech', 'card', 'over_network', NULL, 'no');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (530, 2, 'dossier', '7-UpdMech', 'card', 'initiation', NULL, 'physical');
INSERT INTO setting (fact, subject, source, path, offset, name, value, confidence) VALUES (20, 3, 'update_client', '0.squashfs/usr/bin/ota', 40, 'update_client.url', 'https://fw.camera.vn/a.bin', 'certain');
-- expect: fail
