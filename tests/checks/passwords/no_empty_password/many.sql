-- One user, in twenty passwd files a thousand times each and without a shell, and in their shadow files without a password.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'accounts', 'account', 'accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'service_accounts', 'account', 'service_accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
CREATE TABLE digit (digit INTEGER);
INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO account (fact, subject, source, path, user, uid, shell, scheme, enabled, service)
SELECT 10000 + half.digit * 10000 + file.digit * 1000 + a.digit * 100 + b.digit * 10 + c.digit, 3, 'accounts',
       '0.tar/d' || half.digit || file.digit || '/etc/passwd', 'root', 1000, '/bin/false', 'none', NULL, 'system'
FROM digit AS half JOIN digit AS file JOIN digit AS a JOIN digit AS b JOIN digit AS c
WHERE half.digit < 2;
INSERT INTO account (fact, subject, source, path, user, scheme, enabled, empty_password, service)
SELECT 40000 + half.digit * 10 + file.digit, 3, 'accounts', '0.tar/d' || half.digit || file.digit || '/etc/shadow', 'root', 'none', NULL, 1, 'system'
FROM digit AS half JOIN digit AS file;
-- expect: inconclusive
