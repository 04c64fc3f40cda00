-- Nobody read the scripts.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (60, 3, 'update_client', 'setting', 'update_client', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (519, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', NULL, 'signature');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (520, 2, 'dossier', '7-UpdMech', 'ota', 'over_network', NULL, 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (521, 2, 'dossier', '7-UpdMech', 'ota', 'initiation', NULL, 'automatic');
-- expect: inconclusive
