-- A signed image, and one that is not signed yet: nothing shows what the boot loader asks for.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (4, 'dossier', 'camera.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (18, 3, 'boot_verification', 'boot_verification', 'boot_verification', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (19, 4, 'dossier', 'ixit', 'dossier', 1, 2);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value) VALUES (30, 4, 'dossier', '20-SecBoot', 'boot', 'description', 'U-Boot verifies the kernel, the kernel its root.');
INSERT INTO boot_verification (fact, subject, source, path, offset, stage, mechanism, active, evidence) VALUES (20, 3, 'boot_verification', '0.x', 0, 'boot loader', 'MCUboot', NULL, 'ECDSA P-256 signature');
INSERT INTO boot_verification (fact, subject, source, path, offset, stage, mechanism, active, evidence) VALUES (21, 3, 'boot_verification', '0.x', 0, 'boot ROM', 'i.MX HAB', 0, 'not signed');
-- expect: inconclusive
