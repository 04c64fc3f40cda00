-- The key of the certificate lies in two files of the image.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (11, 1, 'tls', 'initialised', 'certificate', 'tls', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (13, 1, 'ssh', 'initialised', 'key', 'ssh', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (15, 1, 'tls', 'initialised', 'key', 'tls', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'keys', 'key', 'keys', 1, 1);
INSERT INTO certificate (fact, subject, source, address, port, state, reach, subject_name, issuer_name, not_before, not_after, key_algorithm, key_bits, signature_hash, is_ca, self_signed, key_fingerprint) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'CN=camera', 'CN=camera', 1735689600, 1893456000, 'RSA', 2048, 'SHA256', 0, 1, 'aa');
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint) VALUES (22, 3, 'keys', '0.squashfs/etc/ssl/server.key', 'RSA', 2048, 1, 'aa');
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint) VALUES (23, 3, 'keys', '0.squashfs/etc/ssl/web.pem', 'RSA', 2048, 1, 'aa');
-- expect: fail
