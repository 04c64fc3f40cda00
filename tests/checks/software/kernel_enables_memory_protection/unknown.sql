-- An option whose value is not known.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (19, 3, 'kernel', 'kernel', 'kernel', 1, 2);
INSERT INTO kernel (fact, subject, source, path, option, value) VALUES (20, 3, 'kernel', '0.squashfs/boot/config', 'CONFIG_STRICT_KERNEL_RWX', NULL);
-- expect: inconclusive
