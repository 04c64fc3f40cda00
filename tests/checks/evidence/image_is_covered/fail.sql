-- Half of the image is encrypted: what it holds is not known, never a fail.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (19, 3, 'unpack', 'region', 'unpack', 1, 2);
INSERT INTO region (fact, subject, source, path, parent, offset, bytes, format, detail, coverage) VALUES (20, 3, 'unpack', '0.squashfs', '', 0, 4000000, 'squashfs', '', 'read');
INSERT INTO region (fact, subject, source, path, parent, offset, bytes, format, detail, coverage) VALUES (21, 3, 'unpack', '', '', 4000000, 4000000, '', '', 'encrypted');
-- parameter: max_unread_bytes 65536
-- expect: inconclusive
