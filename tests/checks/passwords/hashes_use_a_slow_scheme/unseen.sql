-- Nobody read the accounts.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, reason) VALUES (72, 3, 'accounts', 'account', 'accounts', 0, 'not run');
-- expect: inconclusive
