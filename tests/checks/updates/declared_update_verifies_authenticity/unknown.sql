-- A mechanism that does not say how it verifies.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (512, 2, 'dossier', '7-UpdMech', 'ota', 'security_guarantees', 'authenticity,integrity');
-- expect: inconclusive
