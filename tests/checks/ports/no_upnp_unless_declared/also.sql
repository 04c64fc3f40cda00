-- Other services of the unit are no UPnP.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO subject (fact, type, name) VALUES (5, 'unit', 'unit-1');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (18, 5, 'upnp', 'initialised', 'open_port', 'upnp', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (17, 4, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO open_port (fact, subject, source, state, address, port, transport, status, service) VALUES (50, 5, 'ports', 'initialised', '192.0.2.10', 1900, 'tcp', 'open', 'http');
INSERT INTO open_port (fact, subject, source, state, address, port, transport, status, service) VALUES (51, 5, 'mdns', 'initialised', '192.0.2.10', 5353, 'udp', 'open', 'mdns');
-- expect: pass
