-- Drivers of a radio that may drive nothing, as Linux 2.4 calls them.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (18, 3, 'unpack', 'file', 'unpack', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (19, 3, 'boot_services', 'boot_service', 'boot_services', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (17, 4, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO file (fact, subject, source, path, type, mode, bytes) VALUES (50, 3, 'unpack', '0.squashfs/lib/modules/2.4.20/kernel/drivers/net/wl/wl.o', 'file', 420, 1000);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (40, 4, 'dossier', '15-Intf', 'ethernet', 'type', NULL, 'physical');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (41, 4, 'dossier', '15-Intf', 'ethernet', 'status', NULL, 'enabled');
-- expect: inconclusive
