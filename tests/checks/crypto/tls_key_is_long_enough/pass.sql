-- RSA of 2048 bits, P-256, and Ed25519, whose key counts 253 bits.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (11, 1, 'tls', 'initialised', 'certificate', 'tls', 1);
INSERT INTO certificate (fact, subject, source, address, port, state, reach, subject_name, issuer_name, not_before, not_after, key_algorithm, key_bits, signature_hash, is_ca, self_signed, key_fingerprint) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'CN=camera', 'CN=camera', 1735689600, 1893456000, 'RSA', 2048, 'SHA256', 0, 1, 'aa');
INSERT INTO certificate (fact, subject, source, address, port, state, reach, subject_name, issuer_name, not_before, not_after, key_algorithm, key_bits, signature_hash, is_ca, self_signed, key_fingerprint) VALUES (21, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'CN=camera', 'CN=camera', 1735689600, 1893456000, 'EC', 256, 'SHA256', 0, 1, 'aa');
INSERT INTO certificate (fact, subject, source, address, port, state, reach, subject_name, issuer_name, not_before, not_after, key_algorithm, key_bits, signature_hash, is_ca, self_signed, key_fingerprint) VALUES (22, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'CN=camera', 'CN=camera', 1735689600, 1893456000, 'Ed25519', 253, 'SHA256', 0, 1, 'aa');
-- parameter: min_rsa_bits 2048
-- parameter: min_ec_bits 256
-- expect: pass
