-- A series that ended years ago; its modules are of the same.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'kernel', 'kernel', 'kernel', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'kernel', 'component', 'kernel', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (62, 3, 'distribution', 'component', 'distribution', 1);
INSERT INTO kernel (fact, subject, source, path, version) VALUES (20, 3, 'kernel', '0.uimage/data', '3.0.8-gm+');
INSERT INTO kernel (fact, subject, source, path, version) VALUES (21, 3, 'kernel', '0.squashfs/usr/ko/x.ko', '3.0.8-gm+');
-- parameter: now 1764547200
-- expect: fail
