-- Nearly all programs are hardened; one of five is not.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (19, 3, 'elf_hardening', 'elf', 'elf_hardening', 1, 2);
INSERT INTO elf (fact, subject, source, path, offset, machine, bits, endian, type, nx, pie, relro, canary, fortify, stripped) VALUES (20, 3, 'elf_hardening', '0.squashfs/bin/p0', 0, 'ARM', 32, 'little', 'program', 1, 1, 'full', 1, 1, 1);
INSERT INTO elf (fact, subject, source, path, offset, machine, bits, endian, type, nx, pie, relro, canary, fortify, stripped) VALUES (21, 3, 'elf_hardening', '0.squashfs/bin/p1', 0, 'ARM', 32, 'little', 'program', 1, 1, 'full', 1, 1, 1);
INSERT INTO elf (fact, subject, source, path, offset, machine, bits, endian, type, nx, pie, relro, canary, fortify, stripped) VALUES (22, 3, 'elf_hardening', '0.squashfs/bin/p2', 0, 'ARM', 32, 'little', 'program', 1, 1, 'full', 1, 1, 1);
INSERT INTO elf (fact, subject, source, path, offset, machine, bits, endian, type, nx, pie, relro, canary, fortify, stripped) VALUES (23, 3, 'elf_hardening', '0.squashfs/bin/p3', 0, 'ARM', 32, 'little', 'program', 1, 1, 'full', 1, 1, 1);
INSERT INTO elf (fact, subject, source, path, offset, machine, bits, endian, type, nx, pie, relro, canary, fortify, stripped) VALUES (24, 3, 'elf_hardening', '0.squashfs/bin/old', 0, 'ARM', 32, 'little', 'program', 1, 0, 'none', 0, 0, 1);
-- parameter: min_hardened_percent 75
-- expect: pass
