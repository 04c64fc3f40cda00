-- Freshness is promised by the signature, and nothing signed tells versions apart.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, covers, present, rollback_protected) VALUES (20, 3, 'update_signature', '0.fit', 'fit', 'rsa', 'rsa2048-sha256', 2048, 'everything', 1, 0);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '7-UpdMech', 'ota', 'security_guarantees', 'authenticity,integrity,freshness');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', 'signature');
-- expect: fail
