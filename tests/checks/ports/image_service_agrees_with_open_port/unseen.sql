-- Nobody scanned the unit; the image starts nothing that listens.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (18, 1, 'ports', 'initialised', 'open_port', 'ports', 0, 'not run');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (900, 1, 'udp', 'initialised', 'open_port', 'udp', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 0, 'not run');
-- expect: none
