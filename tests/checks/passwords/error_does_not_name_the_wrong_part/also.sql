-- Another delay where the user exists.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, tried, required) VALUES (50, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 1, 20, 20);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (51, 1, 'access', 'initialised', 'disclosure', 'access', 1);
INSERT INTO disclosure (fact, subject, source, port, state, protocol, type, value) VALUES (22, 1, 'access', 443, 'initialised', 'https', 'user_enumeration', 'another delay where the user exists');
-- cites: 22
-- expect: fail
