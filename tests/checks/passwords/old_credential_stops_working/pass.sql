-- The old one is refused after the change.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count, reason) VALUES (70, 1, 'credential_changes', 'initialised', 'credential_change', 'credential_changes', 1, 1, NULL);
INSERT INTO credential_change (fact, subject, source, address, port, state, reach, protocol, user, changed, new_works, old_still_works, restored) VALUES (20, 1, 'credential_changes', '192.0.2.1', 22, 'initialised', 'local', 'ssh', 'root', 1, 1, 0, 1);
-- expect: pass
