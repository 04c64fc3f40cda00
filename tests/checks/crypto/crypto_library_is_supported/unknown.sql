-- A branch in no list; an old one that a distribution may mend.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'components', 'component', 'components', 1, 1);
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (20, 3, 'components', '0.squashfs/usr/lib/a', 'mbedtls', '2.9.0', 'string', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (21, 3, 'packages', '0.squashfs/usr/lib/b', 'openssl', '1.0.2u', 'package', 'certain');
-- parameter: now 1700000000
-- expect: inconclusive
