/*
 * Building the tree of an image: the one place where names are cleaned.
 *
 * Nodes and regions live in the arena of the job given; they are never let go
 * before it.
 */
#ifndef FIRMWARE_TREE_H
#define FIRMWARE_TREE_H

#include "facts/fact.h"
#include "firmware/node.h"

#define TREE_MAX_NODES ((size_t)2 << 20)
#define TREE_MAX_NAME ((size_t)255) /* bytes, before escaping */

/* What a format knows of an entry; names are raw bytes. */
struct entry {
	struct span name; /* one component */
	enum node_type type;
	uint32_t mode, uid, gid;
	uint64_t bytes;     /* of a NODE_FILE */
	struct span target; /* of a NODE_LINK */
	uint32_t major, minor;
	bool is_block;
	const struct attribute *attributes; /* borrowed for the call */
	size_t attribute_count;
};

/* An extended attribute, its name whole ("security.capability"). */
struct attribute {
	struct span name, value;
};

/* A tree with a root alone; NULL when out of budget. */
struct tree *tree_new(struct job *job, uint64_t image_bytes);

/* Is it a name a file may have: not empty, ".", "..", too long, with "/" or NUL? */
bool tree_name_is_good(struct span name);

/*
 * Adds an entry below `parent`.
 *
 * STATUS_MALFORMED  a name no file may have, or a path longer than FACT_TEXT_MAX
 * STATUS_LIMIT      out of budget, or TREE_MAX_NODES reached
 */
enum status tree_add(struct job *job, struct tree *tree, struct node *parent,
    const struct entry *entry, struct node **node);

/* Adds the container component "OFFSET.FORMAT" below `parent`; `local` starts again under it. */
enum status tree_add_container(struct job *job, struct tree *tree, struct node *parent,
    uint64_t offset, const char *format, struct node **node);

/*
 * Adds a region and counts it as unread where it was not read.  The pointer
 * is good until the next region is added.
 */
enum status tree_add_region(
    struct job *job, struct tree *tree, const struct region *region, struct region **added);

/* Counts a region whose coverage changed after it was added. */
void tree_set_coverage(struct tree *tree, struct region *region, enum coverage coverage);

/* The tree was not walked to its end; the first reason stays. */
void tree_set_incomplete(struct job *job, struct tree *tree, const char *reason);

const char *coverage_name(enum coverage coverage);
const char *node_type_name(enum node_type type);
/* The type in the high bits of a POSIX mode; a file when they say nothing. */
enum node_type node_type_of(uint32_t mode);

/*
 * Folders of one archive by their path, so that "a/b/c" finds or makes "a" and
 * "a/b" without a walk over siblings.
 */
struct folders;

struct folders *folders_new(struct job *job, struct tree *tree, struct node *top);
/*
 * Splits a path as an archive writes it ("./a//b", "/a/b") into its folder,
 * made where missing, and its last component.  The last component is empty
 * when the path names the top itself.
 *
 * STATUS_MALFORMED  a component is ".." or otherwise refused
 */
enum status folders_split(struct job *job, struct folders *folders, struct span path,
    struct node **folder, struct span *last);
/* Remembers a folder just added below `parent`, or finds the one already there. */
enum status folders_enter(struct job *job, struct folders *folders, struct node *parent,
    const struct entry *entry, struct node **node);

#endif
