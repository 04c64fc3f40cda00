-- claim: The programs of the image were built with the protections that compilers and linkers offer.
-- remedy: Build everything with -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE -pie -Wl,-z,relro,-z,now, also what comes from suppliers; say in table 19-SecDev what could not be, and why.
-- source: EN 303 645 provision 5.6-9; OpenSSF, Compiler Options Hardening Guide for C and C++
-- needs: elf of image from elf_hardening
-- power: refutes
-- parameter: min_hardened_percent integer, per cent
WITH counted AS (
	SELECT subject, count(*) AS files,
	       -- of what is not so, one is cited
	       coalesce(min(iif(canary IS NOT 1, fact, NULL)), min(fact)) AS bare_one,
	       coalesce(min(iif(pie IS NOT 1, fact, NULL)), min(fact)) AS fixed_one,
	       coalesce(min(iif(relro IS NULL OR relro NOT IN ('partial', 'full'), fact, NULL)), min(fact)) AS open_one,
	       total(type IS NOT 'library') AS programs, total(type = 'program' AND pie = 1) AS movable,
	       total(canary = 1) AS guarded, total(canary = 0) AS bare,
	       total(relro IN ('partial', 'full')) AS relro, total(relro = 'full') AS full_relro, total(fortify = 1) AS fortified
	FROM elf
	WHERE coalesce(type, 'program') IN ('program', 'library')
	GROUP BY subject),
-- weak hardening says something of the tools, nothing of the process: a question
judged AS (
	SELECT bare_one AS fact, subject, iif(guarded * 100 >= :min_hardened_percent * files, 'pass', 'inconclusive') AS verdict,
	       printf('stack protector: %d of %d programs and libraries, %d without; FORTIFY_SOURCE seen in %d', guarded, files, bare, fortified) AS detail
	FROM counted
	UNION ALL
	SELECT fixed_one, subject, iif(movable * 100 >= :min_hardened_percent * programs, 'pass', 'inconclusive'),
	       printf('position-independent: %d of %d programs', movable, programs)
	FROM counted
	WHERE programs > 0
	UNION ALL
	SELECT open_one, subject, iif(relro * 100 >= :min_hardened_percent * files, 'pass', 'inconclusive'),
	       printf('RELRO: %d of %d programs and libraries, full in %d', relro, files, full_relro)
	FROM counted)
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, 'inconclusive', 'no program of an operating system was found'
FROM looked
WHERE kind = 'elf' AND from_source = 'elf_hardening'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
