-- Weak words in what is taken out; SSL 3.0 turned off; a list of lighttpd's.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'settings', 'setting', 'settings', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (73, 3, 'boot_services', 'boot_service', 'boot_services', 1, 1);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (21, 3, 'settings', '0.squashfs/etc/nginx/nginx.conf', 'nginx.listen', '443 ssl');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (22, 3, 'settings', '0.squashfs/etc/nginx/nginx.conf', 'nginx.ssl_protocols', 'TLSv1.2 TLSv1.3');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (23, 3, 'settings', '0.squashfs/etc/nginx/nginx.conf', 'nginx.ssl_ciphers', 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA:DES-CBC3-SHA:AES:CAMELLIA:!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:!PSK:!aECDH:!EDH-RSA-DES-CBC3-SHA:!3DES');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (24, 3, 'settings', '0.squashfs/etc/nginx/nginx.conf', 'nginx.ssl_ciphers', 'HIGH:!aNULL:!MD5');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (25, 3, 'settings', '0.squashfs/etc/nginx/nginx.conf', 'nginx.ssl_ciphers', 'HIGH:RC4-MD5:+3DES:-RC4:!ADH:!eNULL');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (26, 3, 'settings', '0.squashfs/etc/lighttpd/lighttpd.conf', 'lighttpd.ssl.use-sslv3', 'disable');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (27, 3, 'settings', '0.squashfs/etc/lighttpd/lighttpd.conf', 'lighttpd.ssl.openssl.ssl-conf-cmd', '("Protocol" => "-ALL, TLSv1.2, TLSv1.3", "CipherString" => "ECDHE+AESGCM:ECDHE+CHACHA20")');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (28, 3, 'settings', '0.squashfs/etc/vsftpd.conf', 'vsftpd.ssl_sslv2', 'NO');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (29, 3, 'settings', '0.squashfs/etc/openvpn/server.conf', 'openvpn.tls-version-min', '1.2 or-highest');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (30, 3, 'settings', '0.squashfs/etc/openvpn/server.conf', 'openvpn.tls-cipher', 'TLS-ECDHE-RSA-WITH-AES-256-GCM-SHA384');
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (31, 3, 'boot_services', 'nginx', '/usr/sbin/nginx -c /etc/nginx/nginx.conf', 1);
-- parameter: min_version TLSv1.2
-- expect: pass
