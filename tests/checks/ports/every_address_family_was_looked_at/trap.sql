-- An IPv6 address that ends like one of IPv4 is none of IPv4.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, address, state, kind, from_source, complete, required, tried) VALUES (2, 1, 'ports', '::ffff:192.0.2.1', 'initialised', 'open_port', 'ports', 1, 65535, 65535);
-- expect: inconclusive
