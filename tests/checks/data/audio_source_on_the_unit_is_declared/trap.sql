-- No audio source, pictures alone, and what asks for a log-in.
INSERT INTO subject (fact, type, name) VALUES (3, 'unit', 'unit-1');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 3, 'rtsp', 'initialised', 'resource', 'rtsp', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (11, 3, 'onvif', 'initialised', 'resource', 'onvif', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (17, 4, 'dossier', NULL, 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (40, 4, 'dossier', '22-ExtSens', 'lens', 'description', 'Ống kính camera.', NULL);
INSERT INTO resource (fact, subject, source, state, address, port, protocol, name, access, needs_login, detail) VALUES (20, 3, 'onvif', 'initialised', '192.0.2.10', 80, 'onvif', 'GetAudioSources', 'read', 0, 'READ_MEDIA: 0');
INSERT INTO resource (fact, subject, source, state, address, port, protocol, name, access, needs_login, detail) VALUES (21, 3, 'rtsp', 'initialised', '192.0.2.10', 554, 'rtsp', '/audio', 'stream', 0, 'video RTP/AVP');
INSERT INTO resource (fact, subject, source, state, address, port, protocol, name, access, needs_login, detail) VALUES (22, 3, 'onvif', 'initialised', '192.0.2.10', 81, 'onvif', 'GetAudioSources', 'read', 1, 'READ_MEDIA: ter:NotAuthorized');
INSERT INTO resource (fact, subject, source, state, address, port, protocol, name, access, needs_login, detail) VALUES (23, 3, 'rtsp', 'initialised', '192.0.2.10', 555, 'rtsp', '/audio', 'stream', 1, '401');
-- expect: pass
