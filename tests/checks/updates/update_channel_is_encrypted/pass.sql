-- HTTPS; and in clear, or by whatever else, what is signed.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'update_client', 'setting', 'update_client', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (501, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', NULL, 'signature');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (502, 2, 'dossier', '7-UpdMech', 'ota', 'over_network', NULL, 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (503, 2, 'dossier', '7-UpdMech', 'ota', 'initiation', NULL, 'automatic');
INSERT INTO setting (fact, subject, source, path, offset, name, value, confidence) VALUES (20, 3, 'update_client', '0.squashfs/usr/bin/ota', 40, 'update_client.url', 'https://fw.camera.vn/a', 'certain');
INSERT INTO setting (fact, subject, source, path, offset, name, value, confidence) VALUES (21, 3, 'update_client', '0.squashfs/usr/bin/ota', 40, 'update_client.url', 'http://cdn.camera.vn/a.swu', 'certain');
INSERT INTO setting (fact, subject, source, path, offset, name, value, confidence) VALUES (22, 3, 'update_client', '0.squashfs/usr/bin/ota', 40, 'sshd.Port', '22', NULL);
INSERT INTO setting (fact, subject, source, path, offset, name, value, confidence) VALUES (23, 3, 'update_client', '0.squashfs/usr/bin/ota', 60, 'update_client.url', 'tcp://cdn.camera.vn/a.swu', 'certain');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, present) VALUES (30, 3, 'update_signature', '0.fit', 'fit', 'rsa', 'rsa2048-sha256', 2048, 1);
INSERT INTO setting (fact, subject, source, path, offset, name, value, confidence) VALUES (24, 3, 'update_client', '0.squashfs/usr/bin/ota', 80, 'update_client.url', 'wss://cdn.camera.vn/ota', 'certain');
-- expect: pass
