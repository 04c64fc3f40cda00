/*
 * The regions of an image as they lie in it: facts come sorted by path, people and pictures want
 * place.
 */
#ifndef APP_REGIONS_H
#define APP_REGIONS_H

#include "facts/evidence.h"

#define REGIONS_MAX_DEPTH 32u

/* A region, and the nearest region around it; between the two may stand a file that is a container.
 */
struct region_line {
	const struct fact *fact;
	const char *owner; /* path of that region; "" for the image */
	const char *file;  /* path of that file; "" when there is none */
	bool in_image;     /* its bytes are the image's own, not those of something decompressed */
	uint64_t at;       /* then: where, in the image */
	unsigned depth;    /* … and in how many regions */
};

struct region_lines {
	struct region_line *lines; /* by owner, file, offset */
	size_t count;
	const struct region_line **containers; /* those that are no gaps, by path */
	size_t container_count;
};

/* Facts of other kinds are passed over; the lines borrow the facts. */
enum status regions_collect(
    struct job *job, const struct fact_list *facts, struct region_lines *lines);

/* The first line owned by `path`, or where it would stand. */
size_t regions_first(const struct region_lines *lines, const char *path);

/* Not a gap, nor a damaged part of something. */
bool region_is_container(const struct fact *fact);

/* Bytes of the image nobody read, by why. */
struct unread {
	uint64_t dense, plain; /* gaps, by entropy */
	uint64_t encrypted, damaged, unsupported;
	uint64_t inside; /* of what was decompressed or assembled */
};

struct unread regions_unread(const struct region_lines *lines);

#endif
