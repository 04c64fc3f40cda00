-- Nine thousand shells with the rights of root, and rather more plain programs.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'unpack', 'file', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'unpack', 'attribute', 'unpack', 1);
CREATE TABLE digit (digit INTEGER);
INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, sha256)
SELECT 10000 + k.digit * 1000 + a.digit * 100 + b.digit * 10 + c.digit, 3, 'unpack',
       '0.tar/b' || k.digit || a.digit || b.digit || c.digit || '/sh', 'file', 2541, 0, 0, 's' || k.digit || a.digit || b.digit || c.digit
FROM digit AS k JOIN digit AS a JOIN digit AS b JOIN digit AS c
WHERE k.digit < 9;
INSERT INTO file (fact, subject, source, path, type, mode, uid, gid, sha256)
SELECT 20000 + k.digit * 1000 + a.digit * 100 + b.digit * 10 + c.digit, 3, 'unpack',
       '0.tar/p' || k.digit || a.digit || b.digit || c.digit, 'file', 493, 0, 0, 'p' || k.digit || a.digit || b.digit || c.digit
FROM digit AS k JOIN digit AS a JOIN digit AS b JOIN digit AS c;
-- expect: fail
