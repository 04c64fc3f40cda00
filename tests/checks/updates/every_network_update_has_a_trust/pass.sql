-- A signed network update, and a card update, which is no network.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '7-UpdMech', 'ota', 'security_guarantees', 'authenticity,integrity');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', 'signature');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '7-UpdMech', 'ota', 'over_network', 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (503, 2, 'dossier', '7-UpdMech', 'ota', 'initiation', 'automatic');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (504, 2, 'dossier', '7-UpdMech', 'card', 'security_guarantees', 'authenticity,integrity');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (505, 2, 'dossier', '7-UpdMech', 'card', 'cryptographic_details', 'none');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (506, 2, 'dossier', '7-UpdMech', 'card', 'over_network', 'no');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (507, 2, 'dossier', '7-UpdMech', 'card', 'initiation', 'physical');
-- expect: pass
