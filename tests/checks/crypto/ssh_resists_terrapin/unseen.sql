-- The SSH probe was not run.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (12, 1, 'ssh', 'initialised', 'ssh_offer', 'ssh', 0, 'not run');
-- expect: inconclusive
