-- The SSH probe was not run.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (13, 1, 'ssh', 'initialised', 'key', 'ssh', 0, 'not run');
-- parameter: min_rsa_bits 2048
-- parameter: min_ec_bits 256
-- expect: none
