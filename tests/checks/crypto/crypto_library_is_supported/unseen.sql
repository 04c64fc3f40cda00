-- Nobody looked for components.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (14, 3, 'components', 'component', 'components', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (15, 3, 'packages', 'component', 'packages', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (16, 3, 'distribution', 'component', 'distribution', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (17, 3, 'embedded', 'component', 'embedded', 0, 'not run');
-- parameter: now 1700000000
-- expect: inconclusive
