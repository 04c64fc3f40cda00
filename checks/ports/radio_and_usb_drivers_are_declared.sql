-- claim: Every radio and USB interface that the image brings drivers for is declared in the dossier.
-- remedy: Leave drivers of interfaces the product does not have out of the image, and declare the others in table 15-Intf (type "wireless" or "physical").
-- source: TS 103 701 test cases 5.6-1-2 and 5.6-3-2; data/interface_drivers.tsv
-- needs: file of image from unpack
-- needs: boot_service of image from boot_services
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT ixit.fact FROM ixit
	                   WHERE ixit_table IS NULL
	                      OR (ixit_table = '15-Intf' AND (entry IS NULL OR field IS NULL
	                                                      OR (code IS NULL AND field IN ('type', 'status'))))) AS is_clear,
	       EXISTS (SELECT radio.fact FROM ixit AS radio
	               WHERE radio.ixit_table = '15-Intf' AND radio.field = 'type' AND radio.code = 'wireless') AS has_radio,
	       -- radios are named, and all of them are declared off
	       EXISTS (SELECT radio.fact FROM ixit AS radio
	               WHERE radio.ixit_table = '15-Intf' AND radio.field = 'type' AND radio.code = 'wireless')
	   AND NOT EXISTS (SELECT radio.fact FROM ixit AS radio
	                   LEFT JOIN ixit AS status ON status.ixit_table = '15-Intf' AND status.entry = radio.entry
	                                           AND status.field = 'status'
	                   WHERE radio.ixit_table = '15-Intf' AND radio.field = 'type'
	                     AND coalesce(radio.code, 'wireless') = 'wireless' AND status.code IS NOT 'disabled') AS radio_off,
	       EXISTS (SELECT port.fact FROM ixit AS port
	               WHERE port.ixit_table = '15-Intf'
	                 AND (lower(port.entry) LIKE '%usb%' OR lower(port.value) LIKE '%usb%')) AS has_usb),
judged AS (
	-- a driver alone is no interface: at most a question
	SELECT min(file.fact) AS fact, file.subject, 'inconclusive' AS verdict,
	       printf('%s: %d drivers, %s', interface, count(*), 'not declared in table 15-Intf') AS detail
	FROM file
	JOIN reference_interface_drivers AS known
	  ON instr(coalesce(file.path, '/bluetooth.ko'), '/' || known.driver || '.ko') > 0
	     -- as Linux 2.4 called them
	  OR (file.path LIKE '%/lib/modules/%' AND substr(file.path, -length(known.driver) - 3) = '/' || known.driver || '.o')
	JOIN dossier
	WHERE coalesce(file.type, 'file') = 'file'
	  AND (is_clear = 0 OR (medium = 'radio' AND has_radio = 0) OR (medium = 'usb' AND has_usb = 0))
	GROUP BY file.subject, interface
	UNION ALL
	-- what drives a radio is surely started, and every radio is declared off
	SELECT min(boot_service.fact), boot_service.subject,
	       iif(boot_service.enabled = 1 AND is_clear = 1 AND radio_off = 1 AND boot_service.name IS NOT NULL
	           AND NOT EXISTS (SELECT unit.fact FROM subject AS unit WHERE coalesce(unit.type, 'unit') = 'unit'),
	           'fail', 'inconclusive'),
	       printf('%s%s is %s at boot, %s', coalesce(boot_service.command, boot_service.name, 'a service'),
	              iif(count(*) > 1, printf(' and %d more', count(*) - 1), ''),
	              iif(boot_service.enabled = 1, 'started', 'perhaps started'),
	              iif(has_radio, 'radios are declared off', 'no radio is declared'))
	FROM boot_service
	JOIN dossier
	WHERE boot_service.enabled IS NOT 0 AND (is_clear = 0 OR has_radio = 0 OR radio_off = 1)
	  AND coalesce(boot_service.name, 'hostapd') IN ('hostapd', 'wpa_supplicant', 'bluetoothd', 'hciattach')
	-- what only perhaps starts is one question
	GROUP BY boot_service.subject, iif(boot_service.enabled = 1, boot_service.fact, 0))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1 AND is_clear = 1, 'pass', 'inconclusive'), 'looked for drivers of radios and USB, found none undeclared'
FROM looked
JOIN dossier
WHERE ((kind = 'file' AND from_source = 'unpack') OR (kind = 'boot_service' AND from_source = 'boot_services'))
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
