-- The dossier has no table of updates.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 0, 'not run');
-- expect: none
