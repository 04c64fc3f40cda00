-- OpenSSL 3.0 while it is supported, and 1.1.1 weeks after its end.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'components', 'component', 'components', 1, 1);
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (20, 3, 'components', '0.squashfs/usr/lib/libcrypto.so.3', 'openssl', '3.0.11', 'string', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (22, 3, 'components', '0.squashfs/usr/lib/c', 'openssl', '1.1.1w', 'string', 'certain');
-- parameter: now 1700000000
-- expect: pass
