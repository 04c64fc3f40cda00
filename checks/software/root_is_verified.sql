-- claim: The root file system is verified while it is read.
-- remedy: Put the root file system under dm-verity or AVB with a root hash that a signature covers, mount it read-only, and lay nothing writable over programs.
-- source: EN 303 645 provision 5.7-1; Linux Documentation/admin-guide/device-mapper/verity.rst
-- needs: boot_verification of image from boot_verification
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1) AS was_read,
	       EXISTS (SELECT ixit.fact FROM ixit WHERE ixit_table = '20-SecBoot' AND entry IS NOT NULL) AS declares,
	       EXISTS (SELECT ixit.fact FROM ixit WHERE ixit_table IS NULL OR (ixit_table = '20-SecBoot' AND entry IS NULL)) AS vague),
judged AS (
	SELECT min(boot_verification.fact) AS fact, boot_verification.subject,
	       CASE WHEN mechanism = 'dm-verity' AND active = 1 THEN 'pass'
	            WHEN mechanism = 'AVB' AND active = 0 AND max(evidence GLOB 'switched off:*') = 1 AND declares = 1 AND was_read = 1 THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s: %s', iif(mechanism = 'overlay', 'something writable lies over it', coalesce(mechanism, '?')), coalesce(max(evidence), '?')) AS detail
	FROM boot_verification
	JOIN dossier
	WHERE (coalesce(mechanism, 'dm-verity') IN ('dm-verity', 'overlay')
	       OR (mechanism = 'AVB' AND (evidence IS NULL OR instr(evidence, 'hash tree') > 0 OR evidence GLOB 'switched off:*')))
	  AND (declares = 1 OR was_read = 0 OR vague = 1)
	GROUP BY boot_verification.subject, mechanism, active)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, 'inconclusive', 'secure boot is declared, and nothing is seen that verifies the root file system'
FROM looked
JOIN dossier
WHERE kind = 'boot_verification' AND from_source = 'boot_verification' AND (declares = 1 OR was_read = 0 OR vague = 1)
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
