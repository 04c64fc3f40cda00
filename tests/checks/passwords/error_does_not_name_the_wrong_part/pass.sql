-- The same words to everybody.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, tried, required) VALUES (50, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 1, 20, 20);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (51, 1, 'access', 'initialised', 'disclosure', 'access', 1);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, accepted, control, error_text_class) VALUES (20, 1, 'default_passwords', '192.0.2.1', 443, 'initialised', 'local', 'https', 'u1', 0, 1, 'generic');
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, accepted, control, error_text_class) VALUES (21, 1, 'default_passwords', '192.0.2.1', 443, 'initialised', 'local', 'https', 'admin', 0, 0, 'generic');
-- expect: pass
