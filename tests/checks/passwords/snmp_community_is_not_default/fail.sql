-- Everybody may write with the default community, in either way of saying so.
INSERT INTO subject (fact, type, name) VALUES (3, 'image', 'camera.bin');
INSERT INTO subject (fact, type, name) VALUES (2, 'dossier', 'dossier.xml');
INSERT INTO looked (fact, subject, source, kind, from_source, complete) VALUES (9, 2, 'dossier', 'ixit', 'dossier', 1);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (72, 3, 'settings', 'setting', 'settings', 1, 2);
INSERT INTO looked (fact, subject, source, kind, from_source, complete, count) VALUES (73, 3, 'boot_services', 'boot_service', 'boot_services', 1, 1);
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (20, 3, 'settings', '0.squashfs/etc/snmp/snmpd.conf', 'snmpd.rwcommunity', 'private');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (21, 3, 'settings', '0.squashfs/etc/snmp/snmpd.conf', 'snmpd.com2sec', 'readonly  default   public');
INSERT INTO setting (fact, subject, source, path, name, value) VALUES (22, 3, 'settings', '0.squashfs/etc/snmp/snmpd.conf', 'snmpd.agentAddress', 'udp:161');
INSERT INTO boot_service (fact, subject, source, name, enabled) VALUES (30, 3, 'boot_services', 'snmpd', 1);
-- expect: fail
