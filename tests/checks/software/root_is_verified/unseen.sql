-- Nobody looked at the image.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (18, 3, 'boot_verification', 'boot_verification', 'boot_verification', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (19, 4, 'dossier', 'ixit', 'dossier', 0, 'not run');
-- expect: inconclusive
