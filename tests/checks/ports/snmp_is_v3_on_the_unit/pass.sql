-- Every community was refused; another service accepts a pair, and so does a user of version 3.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (70, 1, 'snmp', 'initialised', 'resource', 'snmp', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (71, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 1);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (20, 1, 'default_passwords', '192.0.2.1', 161, 'initialised', 'local', 'snmp', '', 'public', 0, 0, NULL);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (21, 1, 'default_passwords', '192.0.2.1', 161, 'initialised', 'local', 'snmp', '', '0f12ab', 0, 1, NULL);
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (22, 1, 'default_passwords', '192.0.2.1', 1883, 'initialised', 'local', 'mqtt', '', 'admin', 1, 0, NULL);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login, detail) VALUES (23, 1, 'snmp', '192.0.2.1', 161, 'initialised', 'local', 'snmp', '1.3.6.1.2.1.1.5.0', 'write', 1, 'the community x cannot write it');
INSERT INTO login_attempt (fact, subject, source, address, port, state, reach, protocol, user, password, accepted, control, forced_change) VALUES (24, 1, 'default_passwords', '192.0.2.1', 161, 'initialised', 'local', 'snmp', 'admin', 'password', 1, 0, NULL);
-- expect: pass
