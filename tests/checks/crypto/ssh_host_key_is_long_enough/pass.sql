-- RSA of 3072 bits and Ed25519.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (13, 1, 'ssh', 'initialised', 'key', 'ssh', 1);
INSERT INTO key (fact, subject, source, address, port, state, reach, algorithm, bits, fingerprint, format) VALUES (20, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'RSA', 3072, 'aa', 'ssh host key');
INSERT INTO key (fact, subject, source, address, port, state, reach, algorithm, bits, fingerprint, format) VALUES (21, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'Ed25519', 256, 'bb', 'ssh host key');
-- parameter: min_rsa_bits 2048
-- parameter: min_ec_bits 256
-- expect: pass
