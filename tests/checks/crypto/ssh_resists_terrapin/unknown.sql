-- A cipher without name.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (12, 1, 'ssh', 'initialised', 'ssh_offer', 'ssh', 1);
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (20, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'cipher', NULL);
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (21, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'kex', 'kex-strict-s-v00@openssh.com');
-- expect: inconclusive
