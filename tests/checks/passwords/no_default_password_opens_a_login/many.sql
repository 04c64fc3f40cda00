-- A page that takes every pair, thousands of them, the impossible one too.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, required, tried) VALUES (70, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 1, 100, 100);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (21, 1, 'default_passwords', '192.0.2.1', 80, 'initialised', 'local', 'http', 'hopquy', 'no-such-password', 1, 1, NULL);
WITH RECURSIVE n(x) AS (SELECT 100 UNION ALL SELECT x + 1 FROM n WHERE x < 5000)
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) SELECT x, 1, 'default_passwords', '192.0.2.1', 80, 'initialised', 'local', 'http', 'admin', 'p' || x, 1, 0, NULL FROM n;
-- cites: 21
-- expect: fail
