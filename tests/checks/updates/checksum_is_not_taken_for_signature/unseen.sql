-- Nobody looked for a signature.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (60, 3, 'update_signature', 'update_signature', 'update_signature', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (508, 2, 'dossier', '7-UpdMech', 'ota', 'security_guarantees', 'authenticity,integrity');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (509, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', 'signature');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (510, 2, 'dossier', '7-UpdMech', 'ota', 'over_network', 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (511, 2, 'dossier', '7-UpdMech', 'ota', 'initiation', 'automatic');
-- expect: none
