-- Not said whether it uses a network; and one the user confirms at the device.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (512, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', 'none');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (513, 2, 'dossier', '7-UpdMech', 'web', 'security_guarantees', 'authenticity,integrity');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (514, 2, 'dossier', '7-UpdMech', 'web', 'cryptographic_details', 'none');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (515, 2, 'dossier', '7-UpdMech', 'web', 'over_network', 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (516, 2, 'dossier', '7-UpdMech', 'web', 'initiation', 'user');
-- expect: inconclusive
