-- claim: The dossier gives a reason for every interface it declares enabled.
-- remedy: For each enabled interface of table 15-Intf, write in "justification" which function of the product stops working without it; disable interfaces that have no such function.
-- source: TS 103 701 test case 5.6-1-1; data/idle_purposes.tsv
-- needs: ixit of dossier from dossier
-- power: refutes
SELECT status.fact                                          AS fact,
       CASE WHEN status.code IS NULL OR reason.value IS NULL OR meaning = 'empty' THEN 'inconclusive'
            WHEN meaning = 'unused' THEN 'fail'
            ELSE 'pass' END                                 AS verdict,
       printf('%s: %s', coalesce(status.entry, 'an entry'), coalesce(nullif(trim(reason.value), ''), 'no reason given')) AS detail
FROM ixit AS status
LEFT JOIN ixit AS reason ON reason.ixit_table = status.ixit_table AND reason.entry = status.entry
                        AND reason.field = 'justification'
LEFT JOIN reference_idle_purposes ON phrase = lower(trim(rtrim(trim(reason.value), '.!')))
WHERE coalesce(status.ixit_table, '15-Intf') = '15-Intf' AND coalesce(status.field, 'status') = 'status'
  AND coalesce(status.code, 'enabled') = 'enabled';
