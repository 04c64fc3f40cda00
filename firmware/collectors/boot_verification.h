/*
 * What the parts of the collector of verified boot share.
 */
#ifndef FIRMWARE_COLLECTORS_BOOT_VERIFICATION_H
#define FIRMWARE_COLLECTORS_BOOT_VERIFICATION_H

#include "firmware/collector.h"

/* What is sought in files, in the order of the collector's patterns. */
enum sought {
	DEVICE_TREE,
	VERITY_TABLE,
	VERITY_DEVICE,
	ROOT_HASH,
	VERITY_SETUP,
	IMA_APPRAISE,
	IMA_POLICY,
	MODULE_ENFORCE,
	OVERLAY
};

/* Where something was found, and what goes with it. */
struct finding {
	const char *stage, *mechanism;
	int64_t active;
};

/* What one file, or one part of the image, may still cost. */
struct budget {
	size_t bytes; /* of device trees to walk */
	unsigned facts;
};

/* Adds the fact at its place; STATUS_LIMIT when `words` is NULL. */
enum status boot_verification_add(struct job *job, struct fact fact, const struct finding *finding,
    const char *words, struct evidence *evidence);

/*
 * Adds what the line or string around a find says, when it is a command line
 * of the kernel or a command of a script; `length` is of what was sought.
 */
enum status boot_verification_add_line(struct job *job, struct fact fact, struct span content,
    const struct find *find, size_t length, struct budget *budget, struct evidence *evidence);

#endif
