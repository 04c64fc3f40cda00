-- Keys of the product's own; a key that openssl tests its speed with, in openssl.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (14, 3, 'keys', 'key', 'keys', 1, 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (15, 3, 'keys', 'certificate', 'keys', 1, 1);
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint) VALUES (20, 3, 'keys', '0.squashfs/etc/update.pem', 'RSA', 2048, 0, 'dd');
INSERT INTO certificate (fact, subject, source, path, key_fingerprint) VALUES (21, 3, 'keys', '0.squashfs/etc/ssl/server.pem', 'ee');
INSERT INTO key (fact, subject, source, path, algorithm, bits, private, fingerprint, embedded) VALUES (22, 3, 'keys', '0.squashfs/usr/sbin/openssl', 'RSA', 512, 1, '0ea7caf9dd07fd79fe22ceb5efbbd7d4445d231e92ee1bf3b2a022eaffb00495', 1);
-- expect: pass
