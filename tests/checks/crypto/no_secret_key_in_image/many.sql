-- Six thousand keys and as many certificates.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'keys', 'key', 'keys', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'keys', 'certificate', 'keys', 1);
CREATE TABLE digit (digit INTEGER);
INSERT INTO digit VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
INSERT INTO key (fact, subject, source, path, offset, algorithm, bits, private, fingerprint)
SELECT 10000 + k.digit * 1000 + a.digit * 100 + b.digit * 10 + c.digit, 3, 'keys',
       '0.tar/k' || k.digit || a.digit || b.digit || c.digit || '.pem', 0, 'ed25519', 256, 1, 'f' || k.digit || a.digit || b.digit || c.digit
FROM digit AS k JOIN digit AS a JOIN digit AS b JOIN digit AS c
WHERE k.digit < 6;
INSERT INTO certificate (fact, subject, source, path, key_fingerprint)
SELECT 20000 + k.digit * 1000 + a.digit * 100 + b.digit * 10 + c.digit, 3, 'keys',
       '0.tar/k' || k.digit || a.digit || b.digit || c.digit || '.crt', 'f' || k.digit || a.digit || b.digit || c.digit
FROM digit AS k JOIN digit AS a JOIN digit AS b JOIN digit AS c
WHERE k.digit < 6;
-- expect: fail
