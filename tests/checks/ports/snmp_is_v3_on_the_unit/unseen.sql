-- Nobody asked for SNMP.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (70, 1, 'snmp', 'initialised', 'resource', 'snmp', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (71, 1, 'default_passwords', 'initialised', 'login_attempt', 'default_passwords', 0, 'not run');
-- expect: inconclusive
