-- Nobody walked the tree.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (18, 3, 'unpack', 'file', 'unpack', 0, 'not run');
-- expect: inconclusive
