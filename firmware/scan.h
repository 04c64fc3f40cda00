/*
 * One pass over a layer finds every place where something may begin.
 */
#ifndef FIRMWARE_SCAN_H
#define FIRMWARE_SCAN_H

#include "firmware/format.h"

/* A format may begin at `offset`. */
struct hit {
	uint64_t offset;
	uint32_t format; /* index in firmware_formats */
	bool expected;   /* its container says so */
};

struct hits {
	struct hit *hits; /* sorted by offset, then by order in the catalogue */
	size_t count;
	bool cut; /* more than SCAN_MAX_HITS: the rest was not kept */
};

#define SCAN_MAX_HITS ((size_t)1 << 20)

struct scanner;

/* Compiles all magics; NULL with the reason in the job. scanner_free lets it go. */
struct scanner *scanner_new(struct job *job);
void scanner_free(struct scanner *scanner);

/*
 * Finds hits in `layer`, in the job's arena, with room for `spare` more.  A
 * thing may begin in the first `begins_within` bytes only.
 *
 * STATUS_LIMIT  out of budget
 */
enum status scanner_find(struct job *job, struct scanner *scanner, struct span layer,
    uint64_t begins_within, size_t spare, struct hits *hits);

void hits_sort(struct hits *hits);

#endif
