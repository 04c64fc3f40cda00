-- The TLS probe was not run.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (11, 1, 'tls', 'initialised', 'certificate', 'tls', 0, 'not run');
-- parameter: now 1767225600
-- expect: none
