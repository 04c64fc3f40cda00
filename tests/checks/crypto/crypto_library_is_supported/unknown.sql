-- A series in no list; an old one that a distribution may mend; one whose end is weeks ago.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'components', 'component', 'components', 1, 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (15, 3, 'packages', 'component', 'packages', 1, 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (16, 3, 'distribution', 'component', 'distribution', 1, 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (17, 3, 'embedded', 'component', 'embedded', 1, 0);
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (20, 3, 'components', '0.squashfs/usr/lib/a', 'mbedtls', '2.9.0', 'string', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (21, 3, 'packages', '0.squashfs/usr/lib/b', 'openssl', '1.0.2u', 'package', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (22, 3, 'components', '0.squashfs/usr/lib/c', 'openssl', '1.1.1w', 'string', 'certain');
-- parameter: now 1700000000
-- expect: inconclusive
