-- The dossier promises a signature, the client installs without.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'update_client', 'setting', 'update_client', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (516, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', NULL, 'signature');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (517, 2, 'dossier', '7-UpdMech', 'ota', 'over_network', NULL, 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (518, 2, 'dossier', '7-UpdMech', 'ota', 'initiation', NULL, 'automatic');
INSERT INTO setting (fact, subject, source, path, offset, name, value, confidence) VALUES (20, 3, 'update_client', '0.squashfs/usr/bin/ota', 40, 'update_client.signature', 'off: mender without ArtifactVerifyKey', 'certain');
-- expect: fail
