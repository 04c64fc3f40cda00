-- Who answers is not asked, and the signature that would make up for it is promised and not seen.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'update_client', 'setting', 'update_client', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (513, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', NULL, 'signature');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (514, 2, 'dossier', '7-UpdMech', 'ota', 'over_network', NULL, 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (515, 2, 'dossier', '7-UpdMech', 'ota', 'initiation', NULL, 'automatic');
INSERT INTO setting (fact, subject, source, path, offset, name, value, confidence) VALUES (20, 3, 'update_client', '0.squashfs/usr/bin/ota', 40, 'update_client.verify', 'off: curl -k', 'certain');
INSERT INTO setting (fact, subject, source, path, offset, name, value, confidence) VALUES (21, 3, 'update_client', '0.squashfs/usr/bin/ota', 40, 'client.verify', 'off: curl -k', NULL);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, present) VALUES (30, 3, 'update_signature', '0.squashfs', 'squashfs', 'none', 0);
-- expect: inconclusive
