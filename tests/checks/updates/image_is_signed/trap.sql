-- A signature is promised beside the channel, and is not seen: the channel does not excuse it.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, present) VALUES (20, 3, 'update_signature', '0.fit', NULL, 'none', NULL, NULL, 0);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (512, 2, 'dossier', '7-UpdMech', 'ota', 'security_guarantees', 'authenticity,integrity');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (513, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', 'signature,channel');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (514, 2, 'dossier', '7-UpdMech', 'ota', 'over_network', 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (515, 2, 'dossier', '7-UpdMech', 'ota', 'initiation', 'automatic');
-- expect: inconclusive
