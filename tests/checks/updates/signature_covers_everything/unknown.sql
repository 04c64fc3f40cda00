-- A list of digests is signed; of another nobody knows what it covers.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, covers, present) VALUES (20, 3, 'update_signature', '0.fit', 'avb', 'rsa', 'rsa2048-sha256', 2048, 'header', 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, covers, present) VALUES (21, 3, 'update_signature', '0.fit', 'npk', 'opaque', 'rsa2048-sha256', 2048, NULL, 1);
-- expect: inconclusive
