-- A kernel built with what keeps memory apart; other options do not matter.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (19, 3, 'kernel', 'kernel', 'kernel', 1, 2);
INSERT INTO kernel (fact, subject, source, path, version) VALUES (24, 3, 'kernel', '0.uimage/vmlinux', '6.1.55');
INSERT INTO kernel (fact, subject, source, path, option, value) VALUES (20, 3, 'kernel', '0.squashfs/boot/config', 'CONFIG_STRICT_KERNEL_RWX', 'y');
INSERT INTO kernel (fact, subject, source, path, option, value) VALUES (21, 3, 'kernel', '0.squashfs/boot/config', 'CONFIG_STRICT_MODULE_RWX', 'y');
INSERT INTO kernel (fact, subject, source, path, option, value) VALUES (22, 3, 'kernel', '0.squashfs/boot/config', 'CONFIG_DEVKMEM', 'n');
INSERT INTO kernel (fact, subject, source, path, option, value) VALUES (23, 3, 'kernel', '0.squashfs/boot/config', 'CONFIG_USB', 'n');
-- expect: pass
