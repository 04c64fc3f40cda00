/*
 * The content of a file that lies in pieces: borrowed where it turns out to be one piece, put
 * together where not.
 */
#ifndef FIRMWARE_PIECES_H
#define FIRMWARE_PIECES_H

#include "base/job.h"
#include "base/span.h"

struct pieces {
	/* given */
	struct job *job;   /* whose arena holds what is put together */
	struct span image; /* where the pieces lie */
	uint64_t size;     /* of the whole */
	uint64_t room;     /* the most that may be put together */
	/* its own */
	uint64_t first, whole; /* the piece so far, while there is but one */
	uint64_t next;         /* where the next piece may begin, at the least */
	uint8_t *bytes;
	const char *why; /* what went wrong */
};

/*
 * Bytes [at, +size) of the file lie at `place` of the image; in rising order.  What is never told
 * is a hole of zeros, what lies behind the end is left out.  False, with `why`, when they cannot.
 */
bool pieces_add(struct pieces *pieces, uint64_t at, uint64_t place, uint64_t size);

/* All were told: NULL, or why the content is not to be had. */
const char *pieces_end(struct pieces *pieces, struct span *content);

#endif
