-- Self-signed, looked at on the local network, and to be reached from outside by the dossier.
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '11-ComMech', 'web', 'reach', 'local');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '11-ComMech', 'web', 'port', '443');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '11-ComMech', 'portal', 'reach', 'remote');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (503, 2, 'dossier', '11-ComMech', 'portal', 'port', '443');
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (11, 1, 'tls', 'initialised', 'certificate', 'tls', 1);
INSERT INTO certificate (fact, subject, source, address, port, state, reach, subject_name, issuer_name, not_before, not_after, key_algorithm, key_bits, signature_hash, is_ca, self_signed, key_fingerprint) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'CN=camera', 'CN=camera', 1735689600, 1893456000, 'RSA', 2048, 'SHA256', 0, 1, 'aa');
-- parameter: now 1767225600
-- cites: 20
-- expect: inconclusive
