-- All of it is covered; what is not signed at all is another check's matter.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, covers, present) VALUES (20, 3, 'update_signature', '0.fit', 'fit', 'rsa', 'rsa2048-sha256', 2048, 'everything', 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, covers, present) VALUES (21, 3, 'update_signature', '0.fit', 'zip', 'checksum', 'crc32', NULL, 'part', 0);
-- expect: pass
