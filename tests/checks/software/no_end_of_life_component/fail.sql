-- A series of OpenSSL that ended years ago, in an image of no distribution.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'components', 'component', 'components', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'packages', 'component', 'packages', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (62, 3, 'distribution', 'component', 'distribution', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (63, 3, 'embedded', 'component', 'embedded', 1);
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (19, 3, 'components', '0.squashfs/wpa_supplicant', 'openssl', '1.0.2k', 'elf', 'possible');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (20, 3, 'components', '0.squashfs/x', 'openssl', '1.0.2k', 'elf', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (21, 3, 'components', '0.squashfs/x', 'busybox', '1.22.1', 'elf', 'certain');
-- parameter: now 1764547200
-- cites: 20
-- expect: fail
