-- Nothing in code; a token found by somebody else is not this check's.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'hard_coded_login', 'secret', 'hard_coded_login', 1, 1);
INSERT INTO secret (fact, subject, source, path, type, detail, confidence) VALUES (20, 3, 'secrets', '0.squashfs/etc/x.conf', 'token', 'ab… (20 bytes)', 'likely');
-- expect: pass
