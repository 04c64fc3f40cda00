-- The dossier does not say how the link is protected; another service is not declared at all.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (10, 1, 'tls', 'initialised', 'tls_offer', 'tls', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (12, 1, 'ssh', 'initialised', 'ssh_offer', 'ssh', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (40, 1, 'http', 'initialised', 'login_service', 'http', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (41, 1, 'ssh', 'initialised', 'login_service', 'ssh', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete) VALUES (42, 1, 'telnet', 'initialised', 'login_service', 'telnet', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (512, 2, 'dossier', '11-ComMech', 'web', 'protocol', 'http');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (513, 2, 'dossier', '11-ComMech', 'web', 'port', '443');
INSERT INTO tls_offer (fact, subject, source, address, port, state, reach, version, cipher, accepted) VALUES (20, 1, 'tls', '192.0.2.1', 443, 'initialised', 'local', 'TLSv1.2', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 1);
INSERT INTO login_service (fact, subject, source, address, port, state, reach, protocol, scheme, encrypted, recognised) VALUES (21, 1, 'http', '192.0.2.1', 80, 'initialised', 'local', 'http', 'form', 0, 1);
-- expect: inconclusive
