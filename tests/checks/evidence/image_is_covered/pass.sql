-- Everything was read but padding and a few bytes.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (19, 3, 'unpack', 'region', 'unpack', 1, 2);
INSERT INTO region (fact, subject, source, path, parent, offset, bytes, format, detail, coverage) VALUES (20, 3, 'unpack', '0.squashfs', '', 0, 4000000, 'squashfs', '', 'read');
INSERT INTO region (fact, subject, source, path, parent, offset, bytes, format, detail, coverage) VALUES (21, 3, 'unpack', '', '', 4000000, 3000000, '', '0xff', 'padding');
INSERT INTO region (fact, subject, source, path, parent, offset, bytes, format, detail, coverage) VALUES (22, 3, 'unpack', '', '', 7000000, 4000, '', '', 'gap');
-- parameter: max_unread_bytes 65536
-- expect: pass
