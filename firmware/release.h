/*
 * Versions as makers and distributions write them.
 */
#ifndef FIRMWARE_RELEASE_H
#define FIRMWARE_RELEASE_H

#include "base/job.h"
#include "base/span.h"

#define RELEASE_MAX 48 /* bytes of a version, with its NUL */

/* A release as read from bytes. */
struct release {
	char version[RELEASE_MAX];
	size_t size; /* bytes read for it */
};

bool byte_is_digit(struct span at, size_t i);
bool byte_is_letter(struct span at, size_t i); /* of ASCII */

/*
 * 1.2[.3…][-]{rc,pre,beta,p,letters}[digits] up to something that ends a word,
 * or the numbers alone when `bare`; 0 when it is no release.
 */
size_t release_size(struct span at, bool bare);

/* Reads what release_size measures; false when there is none. */
bool release_read(struct span at, bool bare, struct release *release);

/* The dots in a version. */
size_t release_dots(const char *version);

/*
 * What upstream calls a distribution's version: without Debian's epoch and
 * revision, and without the mark of repacking ("+dfsg"); what was really
 * packed where "+really" says so.
 */
struct span release_upstream(struct span version);

#endif
