-- A version nobody knows, a series not in the table, one that ended months ago, a module alone, a distribution that is supported.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'kernel', 'kernel', 'kernel', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'kernel', 'component', 'kernel', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (62, 3, 'distribution', 'component', 'distribution', 1);
INSERT INTO kernel (fact, subject, source, path, version) VALUES (20, 3, 'kernel', '0.uimage/data', NULL);
INSERT INTO kernel (fact, subject, source, path, version) VALUES (21, 3, 'kernel', '0.uimage/data', '99.1');
INSERT INTO kernel (fact, subject, source, path, version) VALUES (22, 3, 'kernel', '0.uimage/data', '6.14.2');
INSERT INTO kernel (fact, subject, source, path, version) VALUES (23, 3, 'kernel', '0.squashfs/usr/ko/x.ko', '2.6.30');
INSERT INTO kernel (fact, subject, source, path, version) VALUES (24, 3, 'kernel', '0.uimage/data', '4.14.180-android-x');
-- parameter: now 1764547200
-- expect: inconclusive
