-- The dossier was not read.
INSERT INTO subject (fact, type, name) VALUES (3, 'unit', 'unit-1');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 3, 'rtsp', 'initialised', 'resource', 'rtsp', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (11, 3, 'onvif', 'initialised', 'resource', 'onvif', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (17, 4, 'dossier', NULL, 'ixit', 'dossier', 0, 'not run');
INSERT INTO resource (fact, subject, source, state, address, port, protocol, name, access, needs_login, detail) VALUES (21, 3, 'rtsp', 'initialised', '192.0.2.10', 554, 'rtsp', '/live', 'stream', 0, 'audio RTP/AVP');
-- expect: inconclusive
