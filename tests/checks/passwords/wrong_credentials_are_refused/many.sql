-- The wrong pair is refused, and so is the owner: who is let in, nobody saw.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (50, 1, 'access', 'initialised', 'access_trial', 'access', 1, 4);
INSERT INTO access_trial (fact, subject, source, address, port, state, reach, protocol, role, function, access, allowed) VALUES (20, 1, 'access', '192.0.2.1', 443, 'initialised', 'local', 'https', 'wrong', '/', 'read', 0);
INSERT INTO access_trial (fact, subject, source, address, port, state, reach, protocol, role, function, access, allowed) VALUES (23, 1, 'access', '192.0.2.1', 443, 'initialised', 'local', 'https', 'right', '/', 'read', 0);
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '1-AuthMech', 'web', 'protocol', 'https');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '1-AuthMech', 'web', 'port', '443');
-- expect: inconclusive
