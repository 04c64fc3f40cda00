-- Nobody looked for components.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (60, 3, 'components', 'component', 'components', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (61, 3, 'packages', 'component', 'packages', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (62, 3, 'distribution', 'component', 'distribution', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (63, 3, 'embedded', 'component', 'embedded', 0, 'not run');
-- parameter: now 1764547200
-- expect: inconclusive
