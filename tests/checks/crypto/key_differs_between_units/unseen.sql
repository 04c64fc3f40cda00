-- Only one unit was seen: nothing to compare.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (11, 1, 'tls', 'initialised', 'certificate', 'tls', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (13, 1, 'ssh', 'initialised', 'key', 'ssh', 1);
INSERT INTO certificate (fact, subject, source, address, port, state, reach, subject_name, issuer_name, not_before, not_after, key_algorithm, key_bits, signature_hash, is_ca, self_signed, key_fingerprint) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'CN=camera', 'CN=camera', 1735689600, 1893456000, 'RSA', 2048, 'SHA256', 0, 1, 'aa');
-- expect: none
