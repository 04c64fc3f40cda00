/*
 * Which bytes of a container its parts cover, so that the others are not passed over.
 */
#ifndef FIRMWARE_EXTENTS_H
#define FIRMWARE_EXTENTS_H

#include "firmware/unpack.h"

struct extent {
	uint64_t from, to;
};

struct extents {
	struct extent *at;
	size_t count, room;
};

/* The bytes [from, from + size) were read, or are told as what they are. */
enum status extents_add(struct job *job, struct extents *extents, uint64_t from, uint64_t size);

/*
 * Searches what no extent covers and tells it as gaps or padding.  Short fill,
 * and less than 16 equal or 4 other bytes between fill, is alignment and passed over.
 */
enum status extents_tell_rest(
    struct extents *extents, struct unpack *unpack, struct node *container, struct span content);

#endif
