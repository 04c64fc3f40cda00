-- No version, no name, only possible, ended a month ago.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'components', 'component', 'components', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'packages', 'component', 'packages', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (62, 3, 'distribution', 'component', 'distribution', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (63, 3, 'embedded', 'component', 'embedded', 1);
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (20, 3, 'components', '0.squashfs/x', 'openssl', NULL, 'elf', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (21, 3, 'components', '0.squashfs/x', NULL, '1.0', 'elf', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (22, 3, 'components', '0.squashfs/x', 'python', '2.7.18', 'elf', 'possible');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (23, 3, 'components', '0.squashfs/x', 'python', '3.9.2', 'elf', 'certain');
-- parameter: now 1764547200
-- expect: inconclusive
