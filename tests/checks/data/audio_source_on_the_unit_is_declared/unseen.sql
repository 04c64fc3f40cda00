-- Nobody asked the unit.
INSERT INTO subject (fact, type, name) VALUES (3, 'unit', 'unit-1');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (10, 3, 'rtsp', 'initialised', 'resource', 'rtsp', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (11, 3, 'onvif', 'initialised', 'resource', 'onvif', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (17, 4, 'dossier', NULL, 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (40, 4, 'dossier', '22-ExtSens', 'lens', 'description', 'Ống kính camera.', NULL);
-- expect: inconclusive
