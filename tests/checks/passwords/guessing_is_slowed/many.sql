-- Slow, but to whom, if nobody told a pair that opens it: its usual user may be none.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count, reason) VALUES (70, 1, 'lockouts', 'initialised', 'lockout', 'lockouts', 0, 1, 'port 22: nobody told a pair that opens it: root may be no user of it');
INSERT INTO lockout (fact, subject, source, address, port, state, reach, protocol, scheme, attempts, window_s, attempts_per_minute, locked, lock_s, from_addresses, per_address) VALUES (20, 1, 'lockouts', '192.0.2.1', 22, 'initialised', 'local', 'ssh', 'password', 41, 123, 20, NULL, NULL, 1, NULL);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (500, 2, 'dossier', '1-AuthMech', 'ssh', 'protocol', 'ssh');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (501, 2, 'dossier', '1-AuthMech', 'ssh', 'port', '22');
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, code) VALUES (502, 2, 'dossier', '1-AuthMech', 'ssh', 'brute_force_prevention', 'lockout');
-- parameter: max_attempts_per_minute 60
-- expect: inconclusive
