-- It fell silent after a probe and came back: a fall, or a cable; nothing here can fail by itself.
INSERT INTO subject (fact, type, name, serial) VALUES (1, 'unit', 'A', '0001');
INSERT INTO looked (fact, subject, source, state, kind, from_source, complete, count) VALUES (10, 1, 'liveness', 'initialised', 'liveness', 'liveness', 1, 0);
INSERT INTO liveness (fact, subject, source, state, exchange, after, alive, came_back, detail) VALUES (20, 1, 'liveness', 'initialised', 12, 'tls', 0, 1, 'port 443 no longer answered, and did again later');
-- expect: inconclusive
