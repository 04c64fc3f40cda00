-- Nobody read the programs.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (19, 3, 'elf_hardening', 'elf', 'elf_hardening', 0, 'not run');
-- parameter: min_hardened_percent 75
-- expect: inconclusive
