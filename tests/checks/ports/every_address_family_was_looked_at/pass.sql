-- Both families, the IPv6 address with its zone.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, address, state, kind, from_source, complete, required, tried) VALUES (2, 1, 'ports', '192.0.2.1', 'initialised', 'open_port', 'ports', 1, 65535, 65535);
INSERT INTO looked (fact, subject, source, address, state, kind, from_source, complete, required, tried) VALUES (3, 1, 'ports', 'fe80::1%eth0', 'initialised', 'open_port', 'ports', 1, 65535, 65535);
-- expect: pass
