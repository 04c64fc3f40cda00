-- claim: No account is open.
-- remedy: Close it.
-- source: the test of the algebra
-- needs: account of image from accounts
-- power: refutes
SELECT coalesce(account.fact, looked.fact) AS fact,
       CASE WHEN account.fact IS NOT NULL AND account.enabled IS NULL THEN 'inconclusive'
            WHEN account.fact IS NOT NULL THEN 'fail'
            WHEN looked.tried < looked.required THEN 'inconclusive'
            ELSE 'pass' END AS verdict,
       coalesce(account.user, 'no account') AS detail
FROM looked LEFT JOIN account ON account.subject = looked.subject
WHERE looked.kind = 'account';
