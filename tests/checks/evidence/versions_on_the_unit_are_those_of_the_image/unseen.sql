-- Nobody looked at what the unit tells.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (11, 1, 'ssh', 'initialised', 'disclosure', 'ssh', 0);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (12, 1, 'http', 'initialised', 'disclosure', 'http', 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (13, 3, 'components', 'component', 'components', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (14, 3, 'packages', 'component', 'packages', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (15, 3, 'distribution', 'component', 'distribution', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (16, 3, 'embedded', 'component', 'embedded', 1);
-- expect: inconclusive
