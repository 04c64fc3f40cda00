-- "tar" stands in "target" and "start" alone: it is not named; nor does a name that is a pattern name itself.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'components', 'component', 'components', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'packages', 'component', 'packages', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (62, 3, 'kernel', 'component', 'kernel', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (63, 3, 'distribution', 'component', 'distribution', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (64, 3, 'embedded', 'component', 'embedded', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (65, 3, 'go_modules', 'component', 'go_modules', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (80, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (81, 2, 'dossier', 'identity', 'dossier', 1);
INSERT INTO identity (fact, subject, source, name, value) VALUES (90, 2, 'dossier', 'ixit_table', '6-SoftComp');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (91, 2, 'dossier', '6-SoftComp', 'system', 'description', 'BusyBox, python3 and zlib1g run on the target from the start.', NULL);
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (20, 3, 'components', '0.squashfs/x', 'python', '3.11', 'elf', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (21, 3, 'components', '0.squashfs/x', 'tar', '1.34', 'elf', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (22, 3, 'components', '0.squashfs/x', 'curl', '7.1', 'elf', 'possible');
-- expect: inconclusive
