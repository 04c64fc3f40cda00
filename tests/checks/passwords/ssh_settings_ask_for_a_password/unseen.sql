-- Nobody read the settings.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (72, 3, 'settings', 'setting', 'settings', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (73, 3, 'boot_services', 'boot_service', 'boot_services', 0, 'not run');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (74, 3, 'accounts', 'account', 'accounts', 0, 'not run');
-- expect: inconclusive
