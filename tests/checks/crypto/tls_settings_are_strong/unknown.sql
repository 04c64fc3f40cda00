-- The distribution's line beside TLS 1.2; a site that is not enabled; weak without TLS turned on; of a server that nobody starts; of another file; ALL.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'settings', 'setting', 'settings', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (73, 3, 'boot_services', 'boot_service', 'boot_services', 1, 1);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (21, 3, 'settings', '0.squashfs/etc/nginx/nginx.conf', 'nginx.listen', '443 ssl');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (22, 3, 'settings', '0.squashfs/etc/nginx/nginx.conf', 'nginx.ssl_protocols', 'TLSv1 TLSv1.1 TLSv1.2');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (23, 3, 'settings', '0.squashfs/etc/nginx/sites-available/old', 'nginx.ssl_ciphers', 'RC4:HIGH');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (24, 3, 'settings', '0.squashfs/etc/lighttpd/lighttpd.conf', 'lighttpd.ssl.use-sslv3', 'enable');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (25, 3, 'settings', '0.squashfs/etc/stunnel/stunnel.conf', 'stunnel.sslVersion', 'SSLv3');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (26, 3, 'settings', '0.squashfs/etc/mosquitto/mosquitto.conf', 'mosquitto.certfile', '/etc/c.pem');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (27, 3, 'settings', '0.squashfs/etc/mosquitto/mosquitto.conf', 'mosquitto.tls_version', 'tlsv1.1');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (28, 3, 'settings', '0.squashfs/etc/mosquitto/mosquitto.conf', 'mosquitto.ciphers', NULL);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (29, 3, 'settings', '0.squashfs/etc/proftpd.conf', 'proftpd.TLSCipherSuite', 'ALL:!ADH');
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (30, 3, 'boot_services', 'nginx', 'nginx', 1);
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (31, 3, 'boot_services', 'lighttpd', 'lighttpd -f /etc/lighttpd/lighttpd.conf', 1);
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (32, 3, 'boot_services', 'stunnel', 'stunnel /etc/stunnel/stunnel.conf', NULL);
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (33, 3, 'boot_services', 'mosquitto', 'mosquitto -c /data/mosquitto.conf', 1);
-- parameter: min_version TLSv1.2
-- expect: inconclusive
