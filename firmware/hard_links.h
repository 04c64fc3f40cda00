/*
 * Where each path of an archive has its data, for the hard links that name it later.
 */
#ifndef FIRMWARE_HARD_LINKS_H
#define FIRMWARE_HARD_LINKS_H

#include "base/job.h"
#include "base/span.h"

struct hard_link_place {
	uint64_t path; /* its hash, never 0 */
	uint64_t at;
};

struct hard_links {
	struct hard_link_place *places;
	size_t count, room; /* room is a power of two */
};

/* Do two paths name the same, whatever "./" and "//" are in them? */
bool hard_links_same_path(struct span a, struct span b);

/* Makes room for one more: from memory that outlives what is let go file by file. */
enum status hard_links_reserve(struct job *job, struct hard_links *links);
/* Remembers a path, in place of one remembered before; there is room. */
void hard_links_put(struct hard_links *links, struct span path, uint64_t at);
/* Finds a path; another may answer to the same hash, so what stands there is to be looked at. */
bool hard_links_find(const struct hard_links *links, struct span path, uint64_t *at);

#endif
