/*
 * What partition tables have in common: parts of a disk, and what lies between them.
 */
#ifndef FIRMWARE_PARTITIONS_H
#define FIRMWARE_PARTITIONS_H

#include "firmware/unpack.h"

#define PARTITIONS_MAX 512u

struct partition {
	uint64_t from, to;  /* in bytes; `to` may lie beyond the image */
	const char *name;   /* a file name, for what nobody knows; NULL: the table itself */
	const char *legend; /* one line for a person: number, kind, name */
};

struct partitions {
	struct partition all[PARTITIONS_MAX];
	size_t count;
};

/* False when there are too many. */
bool partitions_add(struct partitions *partitions, const struct partition *partition);

/* Sorts by place. */
void partitions_sort(struct partitions *partitions);

/* The farthest end; 0 when there are none. */
uint64_t partitions_end(const struct partitions *partitions);

/* The legends in a row; NULL when out of budget. */
const char *partitions_describe(struct job *job, const struct partitions *partitions);

/*
 * Searches every partition by itself, and what lies between them, in a sorted
 * list.  Overlaps, and partitions that are not in the image, are findings.
 */
enum status partitions_search(struct unpack *unpack, struct node *container, struct span content,
    const struct partitions *partitions);

/* "12 MiB" in units that lose nothing. */
const char *partition_size(struct job *job, uint64_t bytes);

#endif
