-- A stream that asks for a log-in was not described, whatever is declared.
INSERT INTO subject (fact, type, name) VALUES (3, 'unit', 'unit-1');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 3, 'rtsp', 'initialised', 'resource', 'rtsp', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (11, 3, 'onvif', 'initialised', 'resource', 'onvif', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (12, 3, 'ports', 'initialised', 'open_port', 'ports', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (17, 4, 'dossier', NULL, 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (40, 4, 'dossier', '11-ComMech', 'video', 'protocol', 'RTSP', 'rtsps');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (41, 4, 'dossier', '11-ComMech', 'video', 'port', NULL, '322');
INSERT INTO open_port (fact, subject, source, state, address, port, transport, status, service, tls) VALUES (30, 3, 'ports', 'initialised', '192.0.2.10', 322, 'tcp', 'open', 'rtsp', 0);
INSERT INTO resource (fact, subject, source, state, address, port, protocol, name, access, needs_login, detail) VALUES (20, 3, 'rtsp', 'initialised', '192.0.2.10', 322, 'rtsp', '/main', 'stream', 1, '401');
-- expect: inconclusive
