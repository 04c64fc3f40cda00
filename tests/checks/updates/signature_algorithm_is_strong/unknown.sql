-- Key length not known, algorithm not known, presence not known.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, present) VALUES (20, 3, 'update_signature', '0.fit', 'fit', 'rsa', 'rsa2048-sha256', NULL, 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, present) VALUES (21, 3, 'update_signature', '0.fit', 'fit', 'cms', NULL, 2048, 1);
INSERT INTO update_signature (fact, subject, source, path, container, scheme, algorithm, key_bits, present) VALUES (22, 3, 'update_signature', '0.fit', 'fit', 'rsa', 'rsa2048-sha256', 2048, NULL);
-- parameter: min_rsa_bits 2048
-- parameter: min_ec_bits 256
-- expect: inconclusive
