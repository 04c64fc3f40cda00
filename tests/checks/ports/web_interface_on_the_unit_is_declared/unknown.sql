-- A scheme not known, and a table with another interface.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (50, 1, 'http', 'initialised', 'login_service', 'http', 1, 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value) VALUES (510, 2, 'dossier', '27-UserIntf', 'app', 'description', 'Phone application');
INSERT INTO login_service (fact, subject, source, address, port, state, reach, protocol, scheme, recognised) VALUES (20, 1, 'http', '192.0.2.1', 443, 'initialised', 'local', 'https', NULL, 0);
-- expect: inconclusive
