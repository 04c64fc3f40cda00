-- claim: What the image shows of secure boot is in use.
-- remedy: Ship the image with verification switched on: a vbmeta that is signed and not disabled, required keys in the control device tree of the boot loader, secure boot of the firmware enabled.
-- source: EN 303 645 provision 5.7-1; TS 103 701 test cases 5.7-1-1 and 5.7-1-2
-- needs: boot_verification of image from boot_verification
-- needs: ixit of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'ixit' AND looked.complete = 1) AS was_read,
	       EXISTS (SELECT ixit.fact FROM ixit WHERE ixit_table = '20-SecBoot' AND entry IS NOT NULL) AS declares,
	       EXISTS (SELECT ixit.fact FROM ixit WHERE ixit_table IS NULL OR (ixit_table = '20-SecBoot' AND entry IS NULL)) AS vague),
judged AS (
	SELECT min(boot_verification.fact) AS fact, boot_verification.subject,
	       CASE WHEN active = 1 AND min(mechanism IS NOT NULL) = 1 THEN 'pass'
	            -- not signed may be signed later, or around it; switched off is said by the image itself
	            WHEN active = 0 AND max(evidence GLOB 'switched off:*') = 1 AND declares = 1 AND was_read = 1 THEN 'fail'
	            ELSE 'inconclusive' END AS verdict,
	       printf('%s, %s: %s%s', coalesce(mechanism, '?'), coalesce(stage, '?'), coalesce(max(evidence), '?'),
	              iif(count(*) > 1, printf(' (%d times)', count(*)), '')) AS detail
	FROM boot_verification
	JOIN dossier
	WHERE mechanism IS NOT 'overlay'
	  -- a product that promises none is not asked for it
	  AND (declares = 1 OR was_read = 0 OR vague = 1)
	GROUP BY boot_verification.subject, mechanism, stage, active)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, 'inconclusive', 'secure boot is declared, and nothing of it is seen in the image'
FROM looked
JOIN dossier
WHERE kind = 'boot_verification' AND from_source = 'boot_verification' AND (declares = 1 OR was_read = 0 OR vague = 1)
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
