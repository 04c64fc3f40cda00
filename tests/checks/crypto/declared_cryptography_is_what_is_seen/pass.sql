-- TLS 1.2 and a log-in over it, SSH, all as declared.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 1, 'tls', 'initialised', 'tls_offer', 'tls', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (12, 1, 'ssh', 'initialised', 'ssh_offer', 'ssh', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (40, 1, 'http', 'initialised', 'login_service', 'http', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (41, 1, 'ssh', 'initialised', 'login_service', 'ssh', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (42, 1, 'telnet', 'initialised', 'login_service', 'telnet', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '11-ComMech', 'https', 'protocol', 'https');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '11-ComMech', 'https', 'port', '443');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '11-ComMech', 'https', 'cryptographic_details', 'tls_minimum=TLSv1.2');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (503, 2, 'dossier', '11-ComMech', 'ssh', 'protocol', 'ssh');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (504, 2, 'dossier', '11-ComMech', 'ssh', 'port', '22');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (505, 2, 'dossier', '11-ComMech', 'ssh', 'cryptographic_details', 'ssh');
INSERT INTO tls_offer (fact, subject, source, address, port, state, reach, version, cipher, accepted) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'TLSv1.2', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 1);
INSERT INTO login_service (fact, subject, source, address, port, state, reach, protocol, scheme, encrypted, recognised) VALUES (21, 1, 'http', '192.0.2.1', 443, 'initialised', 'local', 'https', 'form', 1, 1);
INSERT INTO ssh_offer (fact, subject, source, address, port, state, reach, class, name) VALUES (22, 1, 'ssh', '192.0.2.1', 22, 'initialised', 'local', 'kex', 'curve25519-sha256');
-- expect: pass
