-- Nobody looked for a kernel.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (19, 3, 'kernel', 'kernel', 'kernel', 0, 'not run');
-- expect: inconclusive
