-- A host key of DSA, as SSH knows it.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (13, 1, 'ssh', 'initialised', 'key', 'ssh', 1);
INSERT INTO key (fact, subject, source, address, port, state, reach, algorithm, bits, fingerprint, format) VALUES (20, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'DSA', 1024, 'a20', 'ssh host key');
-- parameter: min_rsa_bits 2048
-- parameter: min_ec_bits 256
-- cites: 20
-- expect: fail
