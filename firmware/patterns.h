/*
 * Many patterns in one pass over bytes.
 *
 * Hyperscan reports where a match ends; every pattern here matches so many
 * bytes and no other number, so where it begins follows.
 */
#ifndef FIRMWARE_PATTERNS_H
#define FIRMWARE_PATTERNS_H

#include "base/job.h"
#include "base/span.h"

struct pattern {
	const char *expression; /* of bytes; matches exactly `length` of them */
	size_t length;
	bool caseless; /* of ASCII letters */
};

struct patterns;

/* Compiles `list`, before the sandbox; NULL with the reason in the job. patterns_free lets it go.
 */
struct patterns *patterns_new(struct job *job, const struct pattern *list, size_t count);
void patterns_free(struct patterns *patterns);

/*
 * Calls `found` for every match in the order of their ends, each once, with
 * the pattern's index and the offset it begins at; false ends the pass.
 * Of one thread at a time: there is one scratch.
 */
void patterns_scan(struct patterns *patterns, struct span bytes,
    bool (*found)(void *context, size_t pattern, uint64_t begin), void *context);

#endif
