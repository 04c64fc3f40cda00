-- Nobody attacked it.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count, reason) VALUES (70, 1, 'lockouts', 'initialised', 'lockout', 'lockouts', 0, 0, 'not run');
-- parameter: max_attempts_per_minute 60
-- expect: inconclusive
