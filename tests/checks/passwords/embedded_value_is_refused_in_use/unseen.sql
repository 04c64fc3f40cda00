-- The probe was not run.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'fw.bin');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (50, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'accounts', 'account', 'accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'service_accounts', 'account', 'service_accounts', 1);
-- expect: inconclusive
