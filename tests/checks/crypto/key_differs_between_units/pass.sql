-- Two units, each with its own key; the certificate of the authority is the same.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name, serial) VALUES (4, 'unit', 'B', '0002');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (11, 1, 'tls', 'initialised', 'certificate', 'tls', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (13, 1, 'ssh', 'initialised', 'key', 'ssh', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (16, 4, 'tls', 'initialised', 'certificate', 'tls', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (17, 4, 'ssh', 'initialised', 'key', 'ssh', 1);
INSERT INTO certificate (fact, subject, source, address, port, state, reach, subject_name, issuer_name, not_before, not_after, key_algorithm, key_bits, signature_hash, is_ca, self_signed, key_fingerprint) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'CN=camera', 'CN=Vendor Root', 1735689600, 1893456000, 'RSA', 2048, 'SHA256', 0, 0, 'aa');
INSERT INTO certificate (fact, subject, source, address, port, state, reach, subject_name, issuer_name, not_before, not_after, key_algorithm, key_bits, signature_hash, is_ca, self_signed, key_fingerprint) VALUES (21, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'CN=Vendor Root', 'CN=Vendor Root', 1735689600, 1893456000, 'RSA', 2048, 'SHA256', 1, 1, 'cc');
INSERT INTO certificate (fact, subject, source, address, port, state, reach, subject_name, issuer_name, not_before, not_after, key_algorithm, key_bits, signature_hash, is_ca, self_signed, key_fingerprint) VALUES (30, 4, 'tls', '192.0.2.2', 443, 'initialised', 'local', 'CN=camera', 'CN=Vendor Root', 1735689600, 1893456000, 'RSA', 2048, 'SHA256', 0, 0, 'bb');
INSERT INTO certificate (fact, subject, source, address, port, state, reach, subject_name, issuer_name, not_before, not_after, key_algorithm, key_bits, signature_hash, is_ca, self_signed, key_fingerprint) VALUES (31, 4, 'tls', '192.0.2.2', 443, 'initialised', 'local', 'CN=Vendor Root', 'CN=Vendor Root', 1735689600, 1893456000, 'RSA', 2048, 'SHA256', 1, 1, 'cc');
-- expect: pass
