-- None was tried.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count, reason) VALUES (70, 1, 'credential_changes', 'initialised', 'password_trial', 'credential_changes', 0, 0, 'not run');
-- expect: inconclusive
