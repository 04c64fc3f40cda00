-- An operator's name within another word declares nothing.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (60, 3, 'endpoint_reference', 'endpoint_reference', 'endpoint_reference', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO ixit (fact, subject, source, ixit_table, entry, field, value, code) VALUES (540, 2, 'dossier', '24-TelData', 'a', 'description', 'The sentrybox keeps it, over TLS.', NULL);
INSERT INTO endpoint_reference (fact, subject, source, path, host, purpose, provider) VALUES (20, 3, 'endpoint_reference', '0.squashfs/usr/bin/ipc', 'o1.ingest.sentry.io', 'telemetry', 'Sentry');
INSERT INTO endpoint_reference (fact, subject, source, path, host, purpose, provider) VALUES (21, 3, 'endpoint_reference', '0.squashfs/usr/bin/ipc', 'www.openssl.org', 'documentation', NULL);
INSERT INTO endpoint_reference (fact, subject, source, path, host, purpose, provider) VALUES (22, 3, 'endpoint_reference', '0.squashfs/usr/bin/ipc', 'pool.ntp.org', 'time', 'NTP Pool Project');
-- expect: inconclusive
