-- A server of SSH-1, with a cipher that would be good enough in SSH-2.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (12, 1, 'ssh', 'initialised', 'ssh_offer', 'ssh', 1);
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (20, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'protocol', 'SSH-1.5');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (21, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'cipher', 'ssh1-3des');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (22, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'auth', 'ssh1-password');
-- cites: 20
-- expect: fail
