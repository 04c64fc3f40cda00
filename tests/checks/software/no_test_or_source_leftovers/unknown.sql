-- A file whose name is not known.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (18, 3, 'unpack', 'file', 'unpack', 1, 2);
INSERT INTO file (fact, subject, source, type, mode) VALUES (20, 3, 'unpack', 'file', 420);
-- expect: inconclusive
