-- UPnP is started, answers, and is declared.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO subject (fact, type, name) VALUES (5, 'unit', 'unit-1');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (18, 5, 'upnp', 'initialised', 'open_port', 'upnp', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (17, 4, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO boot_service (fact, subject, source, path, name, command, user, listen_address, listen_port, protocol, started_by, enabled) VALUES (21, 3, 'boot_services', '0.squashfs/etc/inittab', 'miniupnpd', '/usr/sbin/miniupnpd', NULL, NULL, 1900, 'upnp', 'rc script', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (40, 4, 'dossier', '15-Intf', 'udp-1900', 'port', NULL, '1900');
INSERT INTO open_port (fact, subject, source, state, address, port, transport, status, service) VALUES (50, 5, 'upnp', 'initialised', '192.0.2.10', 1900, 'udp', 'open', 'ssdp');
-- expect: pass
