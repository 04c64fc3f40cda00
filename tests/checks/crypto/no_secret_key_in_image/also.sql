-- A key that openssl tests its speed with, in a file of its own below a folder of that name.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'keys', 'key', 'keys', 1, 1);
INSERT INTO key (fact, subject, source, path, offset, algorithm, bits, private, fingerprint, embedded) VALUES (90, 3, 'keys', '0.squashfs/etc/openssl/server.key', 0, 'RSA', 512, 1, '0ea7caf9dd07fd79fe22ceb5efbbd7d4445d231e92ee1bf3b2a022eaffb00495', 0);
INSERT INTO key (fact, subject, source, path, offset, algorithm, bits, private, fingerprint, embedded) VALUES (91, 3, 'keys', '0.squashfs/opt/bin/openssl.d/server.key', 1, 'RSA', 512, 1, '0ea7caf9dd07fd79fe22ceb5efbbd7d4445d231e92ee1bf3b2a022eaffb00495', 0);
-- expect: fail
