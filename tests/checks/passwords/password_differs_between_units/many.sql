-- Ten thousand accounts of one image have the names of another's, and their hashes.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'a.bin');
INSERT INTO subject (fact, type, name) VALUES (4, 'image', 'b.bin');
CREATE TABLE digit (digit INTEGER);
INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO account (fact, subject, source, path, user, hash, scheme, enabled, empty_password, service)
SELECT 30000 + file.digit * 1000 + a.digit * 100 + b.digit * 10 + c.digit, 3, 'accounts', '0.tar/d' || file.digit || '/etc/shadow',
       'root' || 0 * a.digit || b.digit || c.digit, '$1$ab$xxxxxxxxxxxxxxxxxxxxxx', 'md5crypt', 1, 0, 'system'
FROM digit AS file JOIN digit AS a JOIN digit AS b JOIN digit AS c;
INSERT INTO account (fact, subject, source, path, user, hash, scheme, enabled, empty_password, service)
SELECT 50000 + file.digit * 1000 + a.digit * 100 + b.digit * 10 + c.digit, 4, 'accounts', '0.tar/d' || file.digit || '/etc/shadow',
       'root' || 0 * a.digit || b.digit || c.digit, '$1$ab$xxxxxxxxxxxxxxxxxxxxxx', 'md5crypt', 1, 0, 'system'
FROM digit AS file JOIN digit AS a JOIN digit AS b JOIN digit AS c;
-- expect: inconclusive
