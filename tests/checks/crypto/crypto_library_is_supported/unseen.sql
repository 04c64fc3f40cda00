-- Nobody looked for components.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (14, 3, 'components', 'component', 'components', 0, 'not run');
-- parameter: now 1700000000
-- expect: inconclusive
