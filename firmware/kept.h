/*
 * Contents of small files, kept until all files have passed: for what is only
 * understood together, like a boot script and the scripts it names.
 */
#ifndef FIRMWARE_KEPT_H
#define FIRMWARE_KEPT_H

#include "firmware/node.h"

#define KEPT_MAX_FILE ((size_t)256 << 10)
#define KEPT_MAX_BYTES ((size_t)32 << 20)
#define KEPT_MAX_FILES ((size_t)16384)

struct kept_file {
	const struct node *node;
	struct span content;
	const char *by; /* name of the collector that keeps it */
	struct kept_file *next;
};

struct kept {
	struct job *job; /* whose arena lives to the end */
	size_t bytes, count;
	struct kept_file *first, *last;
};

/*
 * Keeps a copy of the file's first KEPT_MAX_FILE bytes.
 *
 * STATUS_LIMIT  out of budget, or KEPT_MAX_BYTES or KEPT_MAX_FILES reached
 */
enum status kept_add(struct job *job, struct kept *kept, const char *by, const struct node *node,
    struct span content);

#endif
