-- Only the web probe tries paths: what another probe looked for says nothing of them, and how many the web probe tried is not known.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (50, 1, 'http', 'initialised', 'resource', 'http', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (51, 1, 'ftp', 'initialised', 'resource', 'ftp', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
-- cites: 50
-- expect: inconclusive
