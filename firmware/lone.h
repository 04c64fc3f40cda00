/*
 * Releases that stand alone: strings of a binary that are a version and
 * nothing else, or a version and its date.
 */
#ifndef FIRMWARE_LONE_H
#define FIRMWARE_LONE_H

#include "firmware/release.h"

#define LONES_MAX 64 /* the first ones of a file */

enum lone_tail { LONE_NO_TAIL, LONE_DATE };

struct lone {
	size_t at;
	char version[RELEASE_MAX];
	enum lone_tail tail;
};

struct lones {
	struct lone list[LONES_MAX];
	size_t count;
};

/* In one pass over the bytes; addresses ("127.0.0.1") are none. */
void lones_find(struct span content, struct lones *lones);

#endif
