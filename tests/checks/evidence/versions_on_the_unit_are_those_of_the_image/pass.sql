-- The banner names the version in the image.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (11, 1, 'ssh', 'initialised', 'disclosure', 'ssh', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (12, 1, 'http', 'initialised', 'disclosure', 'http', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (13, 3, 'components', 'component', 'components', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (14, 3, 'packages', 'component', 'packages', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (15, 3, 'distribution', 'component', 'distribution', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (16, 3, 'embedded', 'component', 'embedded', 1);
INSERT INTO disclosure (fact, subject, source, address, port, state, reach, protocol, type, value) VALUES (40, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'ssh', 'version', 'SSH-2.0-dropbear_2022.83');
INSERT INTO component (fact, subject, source, path, name, version) VALUES (50, 3, 'packages', 'usr/sbin/dropbear', 'dropbear', '2022.83');
-- expect: pass
