-- What keeps a package has to be known: an OpenWrt of no known series, beside a supported Debian.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'components', 'component', 'components', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'packages', 'component', 'packages', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (62, 3, 'distribution', 'component', 'distribution', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (63, 3, 'embedded', 'component', 'embedded', 1);
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (20, 3, 'packages', '0.squashfs/x', 'openssl', '1.0.1d', 'package', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (21, 3, 'distribution', '0.squashfs/x', 'openwrt', 'r35817', 'distribution', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (22, 3, 'distribution', '0.squashfs/x', 'debian', '12', 'distribution', 'certain');
-- parameter: now 1764547200
-- expect: inconclusive
