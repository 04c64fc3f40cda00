-- The vendor's key was given, and verifies it; the checksum of a part is no signature.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (20, 3, 'update_signature', '0.fit', 'fit', 'rsa', 'rsa2048-sha256', 2048, 'everything', 1, 1, 'vendor.pem');
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (21, 3, 'update_signature', '0.fit', 'uimage', 'checksum', 'crc32', NULL, 'everything', 0, NULL, NULL);
-- expect: pass
