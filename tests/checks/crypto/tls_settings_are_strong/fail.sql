-- Weak in every way of saying so, and taken out too early or not enough.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'settings', 'setting', 'settings', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (73, 3, 'boot_services', 'boot_service', 'boot_services', 1, 1);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (21, 3, 'settings', '0.squashfs/etc/nginx/nginx.conf', 'nginx.listen', '443 ssl');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (22, 3, 'settings', '0.squashfs/etc/nginx/nginx.conf', 'nginx.ssl_protocols', 'SSLv3 TLSv1 TLSv1.2');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (23, 3, 'settings', '0.squashfs/etc/nginx/nginx.conf', 'nginx.ssl_ciphers', '-RC4:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-RC4-SHA:!ADH');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (24, 3, 'settings', '0.squashfs/etc/lighttpd/lighttpd.conf', 'lighttpd.ssl.engine', 'enable');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (25, 3, 'settings', '0.squashfs/etc/lighttpd/lighttpd.conf', 'lighttpd.ssl.use-sslv3', 'enable');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (26, 3, 'settings', '0.squashfs/etc/lighttpd/lighttpd.conf', 'lighttpd.ssl.openssl.ssl-conf-cmd', '("MinProtocol" => "TLSv1", "CipherString" => "HIGH:!aNULL")');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (27, 3, 'settings', '0.squashfs/etc/lighttpd/lighttpd.conf', 'lighttpd.ssl.cipher-list', 'HIGH:DES-CBC3-SHA:!DES');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (28, 3, 'settings', '0.squashfs/etc/stunnel/stunnel.conf', 'stunnel.sslVersion', 'SSLv3');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (29, 3, 'settings', '0.squashfs/etc/stunnel/stunnel.conf', 'stunnel.ciphers', 'HIGH:aNULL:!ADH');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (30, 3, 'settings', '0.squashfs/etc/openvpn/server.conf', 'openvpn.tls-cipher', 'TLS-DHE-RSA-WITH-3DES-EDE-CBC-SHA');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (31, 3, 'settings', '0.squashfs/etc/openvpn/server.conf', 'openvpn.tls-version-min', '1.0');
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (32, 3, 'boot_services', 'nginx', '/usr/sbin/nginx -g daemon on;', 1);
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (33, 3, 'boot_services', 'lighttpd', 'lighttpd -f /etc/lighttpd/lighttpd.conf', 1);
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (34, 3, 'boot_services', 'stunnel4', 'stunnel4 /etc/stunnel/stunnel.conf', 1);
INSERT INTO boot_service (fact, subject, source, name, command, enabled) VALUES (35, 3, 'boot_services', 'openvpn', 'openvpn --cd /etc/openvpn --config server.conf', 1);
-- parameter: min_version TLSv1.2
-- expect: fail
