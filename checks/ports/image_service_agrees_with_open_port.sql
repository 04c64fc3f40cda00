-- claim: What the firmware image starts at boot and what is open on the unit are the same services.
-- remedy: Explain each difference: submit the image that the units really run, and say when a service that is started in the image listens on the network.
-- source: TS 103 701 test case 5.6-1-2
-- needs: open_port of unit from ports, udp
-- needs: boot_service of image from boot_services
-- power: refutes
SELECT boot_service.fact                                    AS fact,
       CASE WHEN enabled = 1
             AND EXISTS (SELECT open_port.fact FROM open_port
                         WHERE open_port.status = 'open' AND open_port.transport IS NOT 'udp'
                           AND (open_port.port = listen_port
                                OR (listen_port IS NULL AND open_port.service IN (known.protocol, known.protocol || 's'))))
            THEN 'pass' ELSE 'inconclusive' END             AS verdict,
       printf('%s on port %s in the image', coalesce(name, boot_service.protocol, 'service'), coalesce(listen_port, '?')) AS detail
FROM boot_service
LEFT JOIN reference_transports AS known ON known.protocol = boot_service.protocol
WHERE enabled IS NOT 0
  AND (listen_port IS NOT NULL OR known.protocol IS NOT NULL)
  -- only what a scan of TCP ports can see
  AND coalesce(transport, 'tcp') = 'tcp'
  AND coalesce(listen_address, '') NOT IN ('127.0.0.1', '::1', 'localhost')
  AND EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'open_port' AND looked.from_source = 'ports')
UNION ALL
-- an open port no service of the image can account for
SELECT open_port.fact, 'inconclusive',
       printf('%s on port %s of the unit, started by nothing known in the image', open_port.service, open_port.port)
FROM open_port
WHERE open_port.status = 'open' AND open_port.service <> 'unknown'
  AND EXISTS (SELECT any_one.fact FROM boot_service AS any_one)
  AND NOT EXISTS (SELECT starter.fact FROM boot_service AS starter
                  WHERE starter.listen_port = open_port.port
                     OR open_port.service IN (starter.protocol, starter.protocol || 's')
                     OR (starter.listen_port IS NULL AND starter.protocol IS NULL));
