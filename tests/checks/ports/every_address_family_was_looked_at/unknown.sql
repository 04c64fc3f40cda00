-- The scan over IPv6 was not finished; another ran at an address nobody wrote down.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, address, state, kind, from_source, complete, required, tried) VALUES (2, 1, 'ports', '192.0.2.1', 'initialised', 'open_port', 'ports', 1, 65535, 65535);
INSERT INTO looked (fact, subject, source, address, state, kind, from_source, complete, required, tried) VALUES (3, 1, 'ports', '2001:db8::1', 'initialised', 'open_port', 'ports', 0, 65535, 65535);
INSERT INTO looked (fact, subject, source, address, state, kind, from_source, complete, required, tried) VALUES (4, 1, 'ports', NULL, 'initialised', 'open_port', 'ports', 1, 65535, 65535);
-- expect: inconclusive
