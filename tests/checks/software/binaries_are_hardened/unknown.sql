-- Static programs without symbols: nothing is known of how they were compiled.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (19, 3, 'elf_hardening', 'elf', 'elf_hardening', 1, 2);
INSERT INTO elf (fact, subject, source, path, offset, machine, bits, endian, type, nx, pie, relro, canary, fortify, stripped) VALUES (20, 3, 'elf_hardening', '0.squashfs/bin/busybox', 0, 'ARM', 32, 'little', 'program', 1, NULL, NULL, NULL, NULL, 1);
-- parameter: min_hardened_percent 75
-- expect: inconclusive
