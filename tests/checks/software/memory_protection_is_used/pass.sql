-- Every program says that its stack is for data.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (19, 3, 'elf_hardening', 'elf', 'elf_hardening', 1, 2);
INSERT INTO elf (fact, subject, source, path, offset, machine, bits, endian, type, nx, pie, relro, canary, fortify, stripped) VALUES (20, 3, 'elf_hardening', '0.squashfs/bin/busybox', 0, 'ARM', 32, 'little', 'program', 1, 1, 'full', 1, 1, 1);
INSERT INTO elf (fact, subject, source, path, offset, machine, bits, endian, type, nx, pie, relro, canary, fortify, stripped) VALUES (21, 3, 'elf_hardening', '0.squashfs/lib/libc.so.0', 0, 'ARM', 32, 'little', 'library', 1, 1, 'full', 1, 1, 1);
-- expect: pass
