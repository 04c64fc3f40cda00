-- Packages that no supported system excuses: of a system in a folder, of a package by that name, of one older than its system.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'folder.bin'), (4, 'image', 'package.bin'), (5, 'image', 'old.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) SELECT 100 + 10 * subject.fact + place, subject.fact, word, 'component', word, 1, 1 FROM subject, (SELECT 1 AS place, 'components' AS word UNION SELECT 2, 'packages' UNION SELECT 3, 'distribution' UNION SELECT 4, 'embedded');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (20, 3, 'packages', '0.tar/usr/lib/opkg/status', 'openssl', '1.0.1e', 'package', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (21, 3, 'distribution', '0.tar/opt/demo/etc/os-release', 'debian', '13', 'distribution', 'possible');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (22, 4, 'packages', '0.tar/usr/lib/opkg/status', 'openssl', '1.0.1e', 'package', 'likely');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (23, 4, 'packages', '0.tar/usr/lib/opkg/status', 'debian', '13', 'package', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (24, 5, 'packages', '0.tar/var/lib/dpkg/status', 'openssl', '1.0.1e', 'package', 'certain');
INSERT INTO component (fact, subject, source, path, name, version, origin, confidence) VALUES (25, 5, 'distribution', '0.tar/etc/os-release', 'debian', '13', 'distribution', 'certain');
-- parameter: now 1764547200
-- expect: inconclusive
