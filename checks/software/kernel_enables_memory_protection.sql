-- claim: The kernel is configured to let the hardware keep memory apart.
-- remedy: Build the kernel with CONFIG_STRICT_KERNEL_RWX, CONFIG_STRICT_MODULE_RWX and CONFIG_STRICT_DEVMEM, and without CONFIG_DEVKMEM; keep its configuration in the image (CONFIG_IKCONFIG) or hand it in.
-- source: EN 303 645 provision 5.6-8; data/kernel_memory_options.tsv
-- needs: kernel of image from kernel
-- power: refutes
WITH judged AS (
	SELECT kernel.fact, subject,
	       -- the capability is there all the same: a question
	       iif(value = wanted, 'pass', 'inconclusive') AS verdict,
	       printf('%s=%s: %s', coalesce(kernel.option, '?'), coalesce(value, '?'), coalesce(what, 'unknown')) AS detail
	FROM kernel
	LEFT JOIN reference_kernel_memory_options AS known ON known.option = kernel.option
	WHERE known.option IS NOT NULL OR (kernel.option IS NULL AND version IS NULL))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, 'inconclusive', 'no configuration of a kernel was found'
FROM looked
WHERE kind = 'kernel' AND from_source = 'kernel'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
