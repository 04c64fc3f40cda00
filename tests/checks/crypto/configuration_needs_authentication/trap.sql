-- Set-up is open before there is an owner.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, tried) VALUES (50, 1, 'http', 'factory_default', 'resource', 'http', 1, 195);
INSERT INTO resource (fact, subject, source, address, port, state, reach, protocol, name, access, needs_login) VALUES (20, 1, 'http', '192.0.2.1', 443, 'factory_default', 'local', 'https', '/backup.cfg', 'configure', 0);
-- expect: inconclusive
