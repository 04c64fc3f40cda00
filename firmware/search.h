/*
 * What unpack.c and search.c share: the state of one run.
 */
#ifndef FIRMWARE_SEARCH_H
#define FIRMWARE_SEARCH_H

#include "firmware/scan.h"
#include "firmware/seeker.h"
#include "firmware/unpack.h"

struct unpack {
	struct unpack_options options;
	struct job *job;     /* what stays: tree, regions */
	struct job *scratch; /* what is let go file by file */
	struct scanner *scanner;
	struct seeker *seeker; /* of collectors; NULL where none is asked */
	struct pool *pool;
	struct tree *tree;
	struct collection collection;
	struct kept kept;
	struct span image;
	uint64_t output_left;
	uint64_t comparable; /* bytes that may yet be hashed to compare */
	uint64_t reserved;   /* of it: taken by unpack_allow for a file to come */
	unsigned depth, false_starts, damages;
	uint64_t false_bytes; /* read for what turned out to be nothing */
	struct buffer spare;  /* of a stream that was none, for the next one to try */
	enum nature nature;   /* of the innermost container */
	bool exhausted;       /* the output limit was reached: stop looking */
};

/* Bytes in which things are looked for. */
struct layer {
	struct node *node;
	struct span bytes;
	uint64_t from;          /* where the search begins */
	bool is_file;           /* they are those of a file, not of a wrapper or the image */
	bool seen;              /* collectors have seen them */
	uint64_t begins_within; /* things may begin in so many first bytes */
};

/*
 * Looks for things in a layer and takes them into the tree;
 * `*found` tells whether there were any.  What lies between them is told as
 * gaps, unless nothing was found.
 */
enum status search_layer(struct unpack *unpack, const struct layer *layer, const struct hint *hints,
    size_t hint_count, bool *found);

/* Tells the bytes [from, to) as gaps and padding. */
enum status search_add_gap(
    struct unpack *unpack, const struct layer *layer, uint64_t from, uint64_t to);

/* "PATH: why" is why the tree is not complete. */
void unpack_set_incomplete(struct unpack *unpack, const char *path, const char *why);
/* Both jobs record reasons; what failed last stands in one of them. */
const char *unpack_reason(const struct unpack *unpack);
enum status unpack_send_region(struct unpack *unpack, const struct region *region);

#endif
