-- Nobody asked.
INSERT INTO subject (fact, type, name) VALUES (3, 'unit', 'unit-1');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (10, 3, 'onvif', 'initialised', 'disclosure', 'onvif', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (11, 3, 'upnp', 'initialised', 'disclosure', 'upnp', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (12, 3, 'mdns', 'initialised', 'disclosure', 'mdns', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (17, 4, 'dossier', NULL, 'identity', 'dossier', 1);
INSERT INTO identity (fact, subject, source, name, value) VALUES (40, 4, 'dossier', 'model', 'MS-C200');
INSERT INTO identity (fact, subject, source, name, value) VALUES (41, 4, 'dossier', 'alias', 'MS-C200W');
-- expect: inconclusive
