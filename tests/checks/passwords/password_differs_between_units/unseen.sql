-- No password was tried.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name, serial) VALUES (4, 'unit', 'B', '0002');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason, required, tried) VALUES (70, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 0, 'not run', 100, 0);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason, required, tried) VALUES (71, 4, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 0, 'not run', 100, 0);
-- expect: inconclusive
