-- Nobody looked for a kernel.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (60, 3, 'kernel', 'kernel', 'kernel', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (61, 3, 'kernel', 'component', 'kernel', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (62, 3, 'distribution', 'component', 'distribution', 0, 'not run');
-- parameter: now 1764547200
-- expect: inconclusive
