-- Nobody looked.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (71, 3, 'accounts', 'account', 'accounts', 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (72, 3, 'service_accounts', 'account', 'service_accounts', 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (73, 3, 'keys', 'key', 'keys', 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (74, 3, 'hard_coded_login', 'secret', 'hard_coded_login', 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (75, 3, 'secrets', 'secret', 'secrets', 0);
-- expect: inconclusive
