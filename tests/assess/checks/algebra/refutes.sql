-- claim: No account is open.
-- remedy: Close it.
-- source: the test of the algebra
-- needs: account of image from accounts
-- power: refutes
SELECT looked.fact,
       CASE WHEN account.fact IS NULL THEN 'pass' WHEN account.enabled IS NULL THEN 'inconclusive' ELSE 'fail' END AS verdict,
       coalesce(account.user, 'no account') AS detail
FROM looked LEFT JOIN account ON account.subject = looked.subject
WHERE looked.kind = 'account';
