-- An automatic network update with a checksum only.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (508, 2, 'dossier', '7-UpdMech', 'ota', 'security_guarantees', 'authenticity,integrity');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (509, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', 'checksum');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (510, 2, 'dossier', '7-UpdMech', 'ota', 'over_network', 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (511, 2, 'dossier', '7-UpdMech', 'ota', 'initiation', 'automatic');
-- expect: fail
