/*
 * Members of an ar archive, as the formats that are one read them.
 */
#ifndef FIRMWARE_AR_H
#define FIRMWARE_AR_H

#include "firmware/unpack.h"

#define AR_MAX_MEMBERS ((size_t)1 << 20)

struct ar_member {
	struct span name; /* as files are named: long names found, ends cut off */
	struct span content;
	uint32_t mode, uid, gid;
	bool is_table; /* of symbols or of long names: no file */
	bool is_cut;   /* the archive ends before the member does */
};

struct ar {
	struct span whole, long_names;
	uint64_t place; /* where the next member's header stands */
	bool thin;      /* members lie in files beside it */
};

/* False when no archive begins here. */
bool ar_open(struct ar *ar, struct span whole);
/* The next member; false where no other follows, `place` is then the archive's end. */
bool ar_next(struct ar *ar, struct ar_member *member);
/* Do the bytes behind the last member look like a header that was cut off? */
bool ar_is_cut(const struct ar *ar);
/* Gives each member as a file. */
enum status ar_extract(struct unpack *unpack, struct node *container, struct span content);

#endif
