-- What the dossier calls the product is not known.
INSERT INTO subject (fact, type, name) VALUES (3, 'unit', 'unit-1');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 3, 'onvif', 'initialised', 'disclosure', 'onvif', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (11, 3, 'upnp', 'initialised', 'disclosure', 'upnp', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (12, 3, 'mdns', 'initialised', 'disclosure', 'mdns', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (17, 4, 'dossier', NULL, 'identity', 'dossier', 1);
INSERT INTO identity (fact, subject, source, name, value) VALUES (40, 4, 'dossier', 'model', NULL);
INSERT INTO disclosure (fact, subject, source, state, address, port, protocol, type, value) VALUES (20, 3, 'onvif', 'initialised', '192.0.2.10', 80, 'onvif', 'model', 'MS-C200');
-- expect: inconclusive
