-- An administrator is let in, and refused the list of users, which is an administrator's.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (50, 1, 'access', 'initialised', 'access_trial', 'access', 1, 4);
INSERT INTO access_trial (fact, subject, source, address, port, state, reach, protocol, role, function, access, allowed) VALUES (20, 1, 'access', '192.0.2.1', 80, 'initialised', 'local', 'onvif', 'right', '/onvif/device_service', 'read', 1);
INSERT INTO access_trial (fact, subject, source, address, port, state, reach, protocol, role, function, access, allowed, detail) VALUES (21, 1, 'access', '192.0.2.1', 80, 'initialised', 'local', 'onvif', 'right', 'GetUsers', 'configure', 0, 'ter:NotAuthorized');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '1-AuthMech', 'web', 'protocol', 'https');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '1-AuthMech', 'web', 'port', '443');
-- cites: 21
-- expect: fail
