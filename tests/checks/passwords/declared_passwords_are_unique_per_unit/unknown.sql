-- The dossier does not say how the password comes about.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (512, 2, 'dossier', '1-AuthMech', 'web', 'authentication_factor', 'password');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (513, 2, 'dossier', '1-AuthMech', 'web', 'protocol', 'https');
-- expect: inconclusive
