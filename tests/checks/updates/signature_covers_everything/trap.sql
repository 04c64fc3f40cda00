-- Beside what is signed lie a root file system that is not, bytes that nobody knows, and more in the stream.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera3.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (630, 3, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (631, 3, 'unpack', 'region', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (632, 3, 'unpack', 'file', 'unpack', 1);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (20, 3, 'update_signature', '0.fit', 0, 'fit', 'rsa', 'rsa2048-sha256', 2048, 'everything', 1, NULL, NULL);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (21, 3, 'update_signature', '5000.squashfs', 20480, 'squashfs', 'none', NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO subject (fact, type, name) VALUES (4, 'image', 'camera4.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (640, 4, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (641, 4, 'unpack', 'region', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (642, 4, 'unpack', 'file', 'unpack', 1);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (22, 4, 'update_signature', '0.gzip', 0, 'gzip', 'checksum', 'crc32', NULL, 'everything', 0, NULL, NULL);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (23, 4, 'update_signature', '0.gzip/data', 0, 'swu', 'rsa', 'rsa2048-sha256', 2048, 'everything', 1, NULL, NULL);
INSERT INTO file (fact, subject, source, path, type, bytes) VALUES (30, 4, 'unpack', '0.gzip/data', 'file', 21062);
INSERT INTO region (fact, subject, source, path, offset, parent, bytes, format, coverage) VALUES (31, 4, 'unpack', '0.gzip/data/0.swu', 0, '0.gzip/data', 9036, 'swu', 'read');
INSERT INTO region (fact, subject, source, path, offset, parent, bytes, format, coverage) VALUES (32, 4, 'unpack', '', 9300, '', 180, '', 'padding');
INSERT INTO subject (fact, type, name) VALUES (5, 'image', 'camera5.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (650, 5, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (651, 5, 'unpack', 'region', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (652, 5, 'unpack', 'file', 'unpack', 1);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (40, 5, 'update_signature', '0.fit', 0, 'fit', 'rsa', 'rsa2048-sha256', 2048, 'everything', 1, NULL, NULL);
INSERT INTO region (fact, subject, source, path, offset, parent, bytes, format, coverage) VALUES (41, 5, 'unpack', '', 20480, '', 4096, '', 'gap');
INSERT INTO subject (fact, type, name) VALUES (6, 'image', 'camera6.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (660, 6, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (661, 6, 'unpack', 'region', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (662, 6, 'unpack', 'file', 'unpack', 1);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (50, 6, 'update_signature', 'd13.fwtool', 3347, 'fwtool', 'ed25519', 'ed25519', 256, 'everything', 1, NULL, NULL);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (51, 6, 'update_signature', 'e00.squashfs', 3584, 'squashfs', 'none', NULL, NULL, NULL, 0, NULL, NULL);
-- expect: inconclusive
