-- The TLS probe was not run.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, reason) VALUES (10, 1, 'tls', 'initialised', 'tls_parameter', 'tls', 0, 'not run');
-- parameter: min_dh_bits 2048
-- expect: inconclusive
