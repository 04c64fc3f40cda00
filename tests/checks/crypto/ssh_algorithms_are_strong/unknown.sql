-- An algorithm in no list, one without a name, one without a class.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (12, 1, 'ssh', 'initialised', 'ssh_offer', 'ssh', 1);
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (20, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'kex', 'vendor-kex@example.org');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (21, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'kex', NULL);
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (22, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', NULL, 'curve25519-sha256');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (23, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'protocol', 'SSH-1.99');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (24, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'gex_bits', NULL);
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (25, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'gex_bits', 'many');
-- expect: inconclusive
