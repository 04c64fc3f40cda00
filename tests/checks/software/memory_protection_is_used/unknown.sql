-- A program of AArch64 without a stack header: the kernel decides.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (19, 3, 'elf_hardening', 'elf', 'elf_hardening', 1, 2);
INSERT INTO elf (fact, subject, source, path, offset, machine, bits, endian, type, nx, pie, relro, canary, fortify, stripped) VALUES (20, 3, 'elf_hardening', '0.squashfs/bin/x', 0, 'AArch64', 64, 'little', 'program', NULL, 1, 'full', 1, 1, 1);
-- expect: inconclusive
