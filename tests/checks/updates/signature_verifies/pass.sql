-- All of it is covered: what stands before the signature that OpenWrt appends, and the stream that holds nothing else.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera3.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (630, 3, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (631, 3, 'unpack', 'region', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (632, 3, 'unpack', 'file', 'unpack', 1);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (20, 3, 'update_signature', '0.squashfs', 0, 'squashfs', 'none', NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (24, 3, 'update_signature', 'cbe.fwtool', 3262, 'fwtool', 'checksum', 'crc32', NULL, 'part', 0, NULL, NULL);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (25, 3, 'update_signature', 'd13.fwtool', 3347, 'fwtool', 'ed25519', 'ed25519', 256, 'everything', 1, 1, 'vendor.pem');
INSERT INTO subject (fact, type, name) VALUES (4, 'image', 'camera4.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (640, 4, 'update_signature', 'update_signature', 'update_signature', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (641, 4, 'unpack', 'region', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (642, 4, 'unpack', 'file', 'unpack', 1);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (22, 4, 'update_signature', '0.gzip', 0, 'gzip', 'checksum', 'crc32', NULL, 'everything', 0, NULL, NULL);
INSERT INTO update_signature (fact, subject, source, path, offset, container, scheme, algorithm, key_bits, covers, present, verified, verified_with) VALUES (23, 4, 'update_signature', '0.gzip/data', 0, 'swu', 'rsa', 'rsa2048-sha256', 2048, 'everything', 1, 1, 'vendor.pem');
INSERT INTO file (fact, subject, source, path, type, bytes) VALUES (30, 4, 'unpack', '0.gzip/data', 'file', 9216);
INSERT INTO region (fact, subject, source, path, offset, parent, bytes, format, coverage) VALUES (31, 4, 'unpack', '0.gzip/data/0.swu', 0, '0.gzip/data', 9036, 'swu', 'read');
INSERT INTO region (fact, subject, source, path, offset, parent, bytes, format, coverage) VALUES (32, 4, 'unpack', '', 9300, '', 180, '', 'padding');
-- expect: pass
