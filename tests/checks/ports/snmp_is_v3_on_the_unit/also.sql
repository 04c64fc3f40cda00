-- A user of version 3 reads without a password.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (70, 1, 'snmp', 'initialised', 'resource', 'snmp', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (71, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 1);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login, detail) VALUES (23, 1, 'snmp', '192.0.2.1', 161, 'initialised', 'local', 'snmp', '1.3.6.1.2.1.1.1.0', 'read', 0, 'version 3, user admin without a password');
-- expect: fail
