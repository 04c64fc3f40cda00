-- Ten pairs of passwd and shadow, a thousand users in each, none with a shell.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'accounts', 'account', 'accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'service_accounts', 'account', 'service_accounts', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
CREATE TABLE digit (digit INTEGER);
INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO account (fact, subject, source, path, user, uid, shell, scheme, enabled, service)
SELECT 10000 + file.digit * 1000 + a.digit * 100 + b.digit * 10 + c.digit, 3, 'accounts', '0.tar/d' || file.digit || '/etc/passwd',
       'u' || a.digit || b.digit || c.digit, 1000, '/bin/false', 'none', 0, 'system'
FROM digit AS file JOIN digit AS a JOIN digit AS b JOIN digit AS c;
INSERT INTO account (fact, subject, source, path, user, hash, scheme, enabled, empty_password, service)
SELECT 30000 + file.digit * 1000 + a.digit * 100 + b.digit * 10 + c.digit, 3, 'accounts', '0.tar/d' || file.digit || '/etc/shadow',
       'u' || a.digit || b.digit || c.digit, '$1$ab$xxxxxxxxxxxxxxxxxxxxxx', 'md5crypt', 1, 0, 'system'
FROM digit AS file JOIN digit AS a JOIN digit AS b JOIN digit AS c;
-- expect: inconclusive
