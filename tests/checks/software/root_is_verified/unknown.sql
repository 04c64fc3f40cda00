-- A hash tree nobody is seen to use, and something writable over it.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (18, 3, 'boot_verification', 'boot_verification', 'boot_verification', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (19, 4, 'dossier', 'ixit', 'dossier', 1, 2);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value) VALUES (30, 4, 'dossier', '20-SecBoot', 'boot', 'description', 'U-Boot verifies the kernel, the kernel its root.');
INSERT INTO boot_verification (fact, subject, source, path, offset, stage, mechanism, active, evidence) VALUES (20, 3, 'boot_verification', '0.x', 0, 'kernel', 'dm-verity', NULL, 'root hash 00');
INSERT INTO boot_verification (fact, subject, source, path, offset, stage, mechanism, active, evidence) VALUES (21, 3, 'boot_verification', '0.x', 0, 'root file system', 'overlay', NULL, 'mount -t overlay');
-- expect: inconclusive
