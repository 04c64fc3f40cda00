-- Nobody attacked it; nor was there anything to attack where the dossier names a log-in.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count, reason) VALUES (70, 1, 'lockouts', 'initialised', 'lockout', 'lockouts', 0, 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (71, 1, 'lockouts', 'factory_default', 'lockout', 'lockouts', 1, 0);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '1-AuthMech', 'ssh', 'protocol', 'ssh');
-- parameter: max_attempts_per_minute 60
-- expect: inconclusive
