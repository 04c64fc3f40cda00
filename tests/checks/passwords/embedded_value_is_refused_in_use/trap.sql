-- Known, and not tried.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'fw.bin');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, tried, required) VALUES (50, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 1, 20, 20);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'accounts', 'account', 'accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'service_accounts', 'account', 'service_accounts', 1);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, accepted, control, origin) VALUES (20, 1, 'default_passwords', '192.0.2.1', 443, 'initialised', 'local', 'https', 'u1', 0, 1, 'control');
INSERT INTO account (fact, subject, source, path, user, scheme, enabled, password) VALUES (30, 3, 'accounts', '/etc/passwd', 'root', 'md5crypt', 1, 'xmhdipc');
-- expect: inconclusive
