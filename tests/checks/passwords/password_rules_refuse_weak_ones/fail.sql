-- An empty one is taken.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count, reason) VALUES (70, 1, 'credential_changes', 'initialised', 'password_trial', 'credential_changes', 1, 1, NULL);
INSERT INTO password_trial (fact, subject, source, address, port, state, reach, protocol, variant, length, accepted) VALUES (20, 1, 'credential_changes', '192.0.2.1', 22, 'initialised', 'local', 'ssh', 'empty', 0, 1);
-- expect: fail
