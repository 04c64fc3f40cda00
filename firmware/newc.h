/*
 * The entries of a cpio archive with ASCII headers ("newc"), for all that are made of one.
 */
#ifndef FIRMWARE_NEWC_H
#define FIRMWARE_NEWC_H

#include "firmware/unpack.h"

struct newc {
	bool crc; /* the variant with sums */
	uint32_t inode, mode, uid, gid, links, size, major, minor, device_major, device_minor, sum;
	struct span name; /* without its NUL */
	struct span content;
};

/* Reads one entry; `*known` tells whether its header was good when false comes back. */
bool newc_next(struct reader *reader, struct span archive, struct newc *entry, bool *known);

bool newc_is_trailer(const struct newc *entry);

/* Walks the archive and says how far it reaches. */
void newc_measure(struct job *job, struct span at, struct claim *claim);

/* Says why an entry cannot be read though it is there; NULL: it can. */
struct newc_judge {
	const char *(*judge)(void *context, struct job *job, const struct newc *entry);
	void *context;
	enum coverage coverage; /* of what it refuses */
};

/* Adds all entries below `container`, but those that `judge`, which may be NULL, refuses. */
enum status newc_extract(struct job *job, struct unpack *unpack, struct node *container,
    struct span content, const struct newc_judge *judge);

#endif
