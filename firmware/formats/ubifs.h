/*
 * UBIFS: nodes in eraseblocks, found through an index and through what the
 * journal added to it.
 */
#ifndef FIRMWARE_FORMATS_UBIFS_H
#define FIRMWARE_FORMATS_UBIFS_H

#include "firmware/unpack.h"

#define UBIFS_BLOCK ((size_t)4096)
#define UBIFS_COMMON ((size_t)24) /* bytes before what differs from node to node */

enum ubifs_kind {
	UBIFS_INODE,
	UBIFS_DATA,
	UBIFS_NAME,
	UBIFS_ATTRIBUTE,
	UBIFS_TRUNCATION,
	UBIFS_PADDING,
	UBIFS_SUPER,
	UBIFS_MASTER,
	UBIFS_REFERENCE,
	UBIFS_INDEX,
	UBIFS_COMMIT,
};

struct ubifs_super {
	uint32_t flags, leb_size, leb_count, log_lebs, version;
	uint16_t codec, hash;
	uint8_t key_format;
	bool crc_good;
};

enum {
	UBIFS_ENCRYPTED = 0x10,
	UBIFS_AUTHENTICATED = 0x20,
	UBIFS_KNOWN_FLAGS = 0x3e,
};

/* A node, wherever it lies. */
struct ubifs_node {
	uint64_t sequence; /* the larger one was written later */
	uint8_t kind;
	struct span body; /* after the common part */
	size_t bytes;
};

/* Something that has a key; sorted by it, the newest first. */
struct ubifs_leaf {
	uint32_t inode;
	uint8_t kind;
	bool bad;       /* its checksum is */
	bool seen;      /* of a folder: it was entered */
	uint32_t place; /* number of the block, or hash of the name */
	uint64_t at;    /* in the image */
	uint64_t sequence;
};

/* In the journal: an inode was cut to a size. */
struct ubifs_truncation {
	uint32_t inode;
	uint64_t size, sequence;
};

struct ubifs {
	struct job *job;
	struct unpack *unpack;
	struct node *container;
	struct span image;
	struct ubifs_super super;
	uint32_t root_leb, root_offset, root_bytes, log_leb;
	uint64_t commit;
	uint8_t *visited; /* index nodes: a bit for each eight bytes */
	struct ubifs_leaf *leaves;
	size_t leaf_count, leaf_room;
	struct ubifs_truncation *truncations;
	size_t truncation_count;
	unsigned depth;
};

bool ubifs_read_super(struct span at, struct ubifs_super *super);

/* The node at `at`, whose checksum must be good; `*bad` tells that it is a node but for that. */
bool ubifs_read_node(struct span image, uint64_t at, struct ubifs_node *node, bool *bad);

/* Adds a leaf for the node at `at`, which has a key. */
enum status ubifs_add_leaf(struct ubifs *fs, uint64_t at, const struct ubifs_node *node, bool bad);

/*
 * Collects all leaves: by the index and the journal, or, when the index is
 * damaged, by looking at every node there is.
 *
 * STATUS_LIMIT  out of budget
 */
enum status ubifs_collect(struct ubifs *fs);

/* Leaves of one kind of one inode, [*from, *to). */
void ubifs_leaves_of(
    const struct ubifs *fs, uint32_t inode, enum ubifs_kind kind, size_t *from, size_t *to);

/* Leaves are looked at again for every name of their inode: STATUS_LIMIT when that was too often.
 */
enum status ubifs_charge(struct ubifs *fs, size_t leaves);

/* Walks the tree from the root on. */
enum status ubifs_walk(struct ubifs *fs);

struct ubifs_inode {
	uint64_t size;
	uint32_t links, uid, gid, mode, flags;
	struct span data;
};

/* False when the inode is missing or damaged. */
bool ubifs_read_inode(const struct ubifs *fs, uint32_t number, struct ubifs_inode *inode);

/* Adds a regular file. */
enum status ubifs_add_file(struct ubifs *fs, struct node *folder, const struct entry *entry,
    uint32_t number, const struct ubifs_inode *inode);

#endif
