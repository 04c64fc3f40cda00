-- Nobody looked for keys.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (14, 3, 'keys', 'key', 'keys', 0, 'not run');
-- expect: inconclusive
