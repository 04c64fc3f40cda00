-- A server that gives a prime of 1024 bits to whoever asks.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (12, 1, 'ssh', 'initialised', 'ssh_offer', 'ssh', 1);
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (20, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'kex', 'diffie-hellman-group-exchange-sha256');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (21, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'gex_bits', '1024');
-- cites: 21
-- expect: fail
