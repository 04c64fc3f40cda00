-- claim: No program or library of the image asks for a stack that can be executed.
-- remedy: Link every program and library with -z noexecstack, and give each assembler source a .note.GNU-stack section. On MIPS use a toolchain and a kernel that know it (Linux 4.8 or later).
-- source: EN 303 645 provision 5.6-8; Linux fs/binfmt_elf.c
-- needs: elf of image from elf_hardening
-- power: refutes
WITH judged AS (
	SELECT subject,
	       -- the fact cited is a bad one, else one that is not known
	       coalesce(min(iif(nx = 0, fact, NULL)), min(iif(nx IS NULL, fact, NULL)), min(fact)) AS fact,
	       count(*) AS programs, total(nx = 0) AS executable, total(nx = 0 AND machine IS 'MIPS') AS of_mips, total(nx IS NULL) AS unknown
	FROM elf
	WHERE coalesce(type, 'program') IN ('program', 'library')
	GROUP BY subject)
-- an executable stack leaves the hardware's protection unused, it does not show that there is none: a question
SELECT fact, iif(executable = 0 AND unknown = 0, 'pass', 'inconclusive') AS verdict,
       printf('%d programs and libraries: %d with an executable stack%s, %d that do not say', programs, executable,
              iif(of_mips > 0, printf(' (%d of MIPS, where older toolchains know no other)', of_mips), ''), unknown) AS detail
FROM judged
UNION ALL
SELECT looked.fact, 'inconclusive', 'no program of an operating system was found'
FROM looked
WHERE kind = 'elf' AND from_source = 'elf_hardening'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
