-- Nobody looked for a signature.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (60, 3, 'update_signature', 'update_signature', 'update_signature', 0, 'not run');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '7-UpdMech', 'ota', 'security_guarantees', 'authenticity,integrity,freshness');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', 'signature');
-- expect: none
