-- What keeps a package has to be known: an OpenWrt of no known series, beside a supported Debian.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'components', 'component', 'components', 1, 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (15, 3, 'packages', 'component', 'packages', 1, 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (16, 3, 'distribution', 'component', 'distribution', 1, 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (17, 3, 'embedded', 'component', 'embedded', 1, 0);
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (20, 3, 'packages', '0.squashfs/x', 'openssl', '1.0.1d', 'package', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (21, 3, 'distribution', '0.squashfs/x', 'openwrt', 'r35817', 'distribution', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (22, 3, 'distribution', '0.squashfs/x', 'debian', '12', 'distribution', 'certain');
-- parameter: now 1700000000
-- expect: inconclusive
