/*
 * What vendor headers have in common: text fields, salted MD5 sums, and blobs one behind another.
 */
#ifndef FIRMWARE_HEADER_H
#define FIRMWARE_HEADER_H

#include "firmware/unpack.h"

#define HEADER_MD5_SIZE ((size_t)16)
#define HEADER_MAX_BLOBS ((size_t)64)

/* Printable ASCII, at least one byte of it, then only NUL or 0xff up to the field's end. */
bool header_text_is_good(struct span field);
/* The field up to its first NUL or 0xff. */
struct span header_trim(struct span field);
/* The same as text for a person; "" when out of budget. */
const char *header_text(struct job *job, struct span field);

/* Is `expected` the MD5 of the parts, one behind another? */
bool header_md5_is(const struct span *parts, size_t count, struct span expected);

/* Claims `size` bytes from `at` on, or as many as there are; false: it is cut short, and said so.
 */
bool header_claim(struct claim *claim, struct span at, uint64_t size);

/* One named part of an image. */
struct blob {
	struct span name;
	uint64_t offset, bytes;
};

/* Adds each blob as a file; one that leaves `content` is a finding. */
enum status header_add_blobs(struct unpack *unpack, struct node *container, struct span content,
    const struct blob *blobs, size_t count);

/* What lies in `content` from `from` on outside of all blobs and is no fill becomes files named for
 * their place. */
enum status header_add_rest(struct job *job, struct unpack *unpack, struct node *container,
    struct span content, uint64_t from, const struct blob *blobs, size_t count);

#endif
