-- Nobody looked for a signature.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (60, 3, 'update_signature', 'update_signature', 'update_signature', 0, 'not run');
-- expect: none
