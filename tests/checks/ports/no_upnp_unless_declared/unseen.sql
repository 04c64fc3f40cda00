-- Nobody read the image or the dossier.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO subject (fact, type, name) VALUES (5, 'unit', 'unit-1');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (18, 5, 'upnp', 'initialised', 'open_port', 'upnp', 0);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (17, 4, 'dossier', 'ixit', 'dossier', 0, 'not run');
-- expect: inconclusive
