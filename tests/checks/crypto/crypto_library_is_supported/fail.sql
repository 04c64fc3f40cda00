-- OpenSSL 1.0.1, years after its end.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'components', 'component', 'components', 1, 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (15, 3, 'packages', 'component', 'packages', 1, 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (16, 3, 'distribution', 'component', 'distribution', 1, 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (17, 3, 'embedded', 'component', 'embedded', 1, 0);
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (19, 3, 'components', '0.squashfs/usr/sbin/wpa_supplicant', 'openssl', '1.0.1j', 'string', 'possible');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (20, 3, 'components', '0.squashfs/usr/lib/libcrypto.so.1.0.0', 'openssl', '1.0.1j', 'string', 'certain');
-- parameter: now 1700000000
-- cites: 20
-- expect: fail
