-- A longterm series, and one that CIP keeps.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'kernel', 'kernel', 'kernel', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (61, 3, 'kernel', 'component', 'kernel', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (62, 3, 'distribution', 'component', 'distribution', 1);
INSERT INTO kernel (fact, subject, source, path, version) VALUES (20, 3, 'kernel', '0.uimage/data', '6.1.55-vendor');
INSERT INTO kernel (fact, subject, source, path, version) VALUES (21, 3, 'kernel', '0.uimage/data', '4.19.300-cip100');
-- parameter: now 1764547200
-- expect: pass
