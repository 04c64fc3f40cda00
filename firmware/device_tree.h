/*
 * Flattened device trees, walked where they lie.
 *
 * Not by libfdt: that wants them aligned to eight bytes, which in a flash they
 * are not, and measures the name of every property to its end, which a hostile
 * one puts megabytes away.
 *
 * Source: Devicetree Specification 0.4, chapter 5.
 */
#ifndef FIRMWARE_DEVICE_TREE_H
#define FIRMWARE_DEVICE_TREE_H

#include "firmware/extents.h"

#define DEVICE_TREE_MAX_DEPTH 64u
#define DEVICE_TREE_MAX_NAME ((size_t)100)
#define DEVICE_TREE_LARGE                                                                          \
	((size_t)512) /* bytes of a property that may hold more than a setting                     \
		       */

struct device_tree {
	uint64_t total; /* as the header says: may be more than there is */
	uint32_t version;
	bool readable; /* a version whose layout is known, its blocks wholly there */
	uint64_t structure_at, strings_at, reserved_at, reserved_size;
	struct span structure, strings;
};

/* Reads the header; false when it makes no sense. */
bool device_tree_open(struct span at, struct device_tree *tree);

enum device_tree_token {
	DEVICE_TREE_NODE,     /* `name` begins, one deeper than `depth` */
	DEVICE_TREE_NODE_END, /* the node one deeper than `depth` ends */
	DEVICE_TREE_PROPERTY, /* `name` and `value`, of the node that is `depth` deep */
	DEVICE_TREE_END,
	DEVICE_TREE_DAMAGED, /* no token, or one that cannot stand here */
};

/* The root is at depth 1. */
struct device_tree_walk {
	const struct device_tree *tree;
	struct reader reader;
	unsigned depth;
	/* of the last token */
	struct span name, value;
};

struct device_tree_walk device_tree_walk(const struct device_tree *tree);
enum device_tree_token device_tree_next(struct device_tree_walk *walk);

/* Properties that hold one string, a number of one cell or two: empty, UINT64_MAX when they do not.
 */
struct span device_tree_string(struct span value);
uint64_t device_tree_number(struct span value);

/*
 * Adds large properties as files NODE.PROPERTY, but for those at the places
 * `known`, in the order of the walk.
 */
enum status device_tree_tell_large(struct job *job, struct unpack *unpack, struct node *container,
    const struct device_tree *tree, const struct span *known, size_t known_count);

/* Covers the blocks up to the end of the structure at `structure_end`. */
enum status device_tree_cover(struct job *job, struct extents *extents,
    const struct device_tree *tree, uint64_t structure_end);

#endif
