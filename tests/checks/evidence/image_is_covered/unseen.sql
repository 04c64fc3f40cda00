-- Nobody unpacked the image.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (19, 3, 'unpack', 'region', 'unpack', 0, 'not run');
-- parameter: max_unread_bytes 65536
-- expect: inconclusive
