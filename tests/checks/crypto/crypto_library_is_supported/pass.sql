-- OpenSSL 3.0 while it is supported; 1.1.1 in the package list of a supported Debian.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'components', 'component', 'components', 1, 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (15, 3, 'packages', 'component', 'packages', 1, 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (16, 3, 'distribution', 'component', 'distribution', 1, 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (17, 3, 'embedded', 'component', 'embedded', 1, 0);
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (20, 3, 'components', '0.squashfs/usr/lib/libcrypto.so.3', 'openssl', '3.0.11', 'string', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (22, 3, 'packages', '0.squashfs/var/lib/dpkg/status', 'openssl', '1.1.1w', 'package', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (23, 3, 'distribution', '0.squashfs/etc/os-release', 'debian', '12', 'distribution', 'certain');
-- parameter: now 1700000000
-- expect: pass
