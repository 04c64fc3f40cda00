-- The probes were not run.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (40, 1, 'http', 'initialised', 'login_service', 'http', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (41, 1, 'ssh', 'initialised', 'login_service', 'ssh', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (42, 1, 'telnet', 'initialised', 'login_service', 'telnet', 0, 'not run');
-- expect: none
