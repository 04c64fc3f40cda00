-- A server with modern algorithms and one that is still acceptable.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (12, 1, 'ssh', 'initialised', 'ssh_offer', 'ssh', 1);
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (20, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'kex', 'curve25519-sha256');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (21, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'hostkey', 'ssh-ed25519');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (22, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'cipher', 'chacha20-poly1305@openssh.com');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (23, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'mac', 'hmac-sha1');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (24, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'kex', 'kex-strict-s-v00@openssh.com');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (25, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'protocol', 'SSH-2.0');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (26, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'gex_bits', '2048');
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (27, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'gex_bits', '3072');
-- expect: pass
