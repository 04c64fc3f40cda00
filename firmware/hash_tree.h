/*
 * dm-verity hash trees: every block's digest, of those the digests, up to one.
 *
 * Source: Linux Documentation/admin-guide/device-mapper/verity.rst; AOSP
 * external/avb/libavb/avb_hashtree_descriptor.h.
 */
#ifndef FIRMWARE_HASH_TREE_H
#define FIRMWARE_HASH_TREE_H

#include "base/digest.h"
#include "base/span.h"

struct hash_tree {
	enum digest_kind kind;
	uint32_t data_block, hash_block; /* bytes: powers of two of at least 512 */
	uint64_t data_blocks;
	struct span salt;
	bool salt_last; /* the first version of the format */
};

/* The kind of digest that has this name; false when it is none that is computed. */
bool hash_tree_find_kind(struct span name, enum digest_kind *kind);

/* Are the block sizes such as the kernel takes, and the count one that can be reckoned with? */
bool hash_tree_is_sound(const struct hash_tree *tree);

/* How many bytes the tree takes. */
uint64_t hash_tree_size(const struct hash_tree *tree);

/*
 * Checks the blocks of the tree against each other.
 *
 * STATUS_OK  they agree, and nothing but zeros is behind the digests; `root` is the one that
 *            signs all
 * STATUS_NO  they do not, or the tree is not as long as it should be
 */
enum status hash_tree_check(
    struct job *job, const struct hash_tree *tree, struct span bytes, uint8_t root[DIGEST_LARGEST]);

/* How many blocks of `data` do not agree with the tree; SIZE_MAX when they cannot be hashed. */
size_t hash_tree_compare(
    struct job *job, const struct hash_tree *tree, struct span bytes, struct span data);

/* Does the first block of `data` agree?  Cheap, to find where the data are. */
bool hash_tree_begins(
    struct job *job, const struct hash_tree *tree, struct span bytes, struct span data);

#endif
