-- One mechanism with a signature, one over an authenticated channel.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '7-UpdMech', 'ota', 'security_guarantees', 'authenticity,integrity');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '7-UpdMech', 'ota', 'cryptographic_details', 'signature');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '7-UpdMech', 'ota', 'over_network', 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (503, 2, 'dossier', '7-UpdMech', 'ota', 'initiation', 'automatic');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (504, 2, 'dossier', '7-UpdMech', 'app', 'security_guarantees', 'authenticity,integrity');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (505, 2, 'dossier', '7-UpdMech', 'app', 'cryptographic_details', 'channel,checksum');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (506, 2, 'dossier', '7-UpdMech', 'app', 'over_network', 'yes');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (507, 2, 'dossier', '7-UpdMech', 'app', 'initiation', 'automatic');
-- expect: pass
