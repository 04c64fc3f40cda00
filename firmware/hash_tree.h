/*
 * dm-verity hash trees: every block's SHA-256, of those the SHA-256, up to one.
 *
 * Source: Linux Documentation/admin-guide/device-mapper/verity.rst; AOSP
 * external/avb/libavb/avb_hashtree_descriptor.h.
 */
#ifndef FIRMWARE_HASH_TREE_H
#define FIRMWARE_HASH_TREE_H

#include "base/digest.h"
#include "base/span.h"

struct hash_tree {
	uint32_t data_block, hash_block; /* bytes: powers of two of at least 512 */
	uint64_t data_blocks;
	struct span salt;
	bool salt_last; /* the first version of the format */
};

/* Are the block sizes such as the kernel takes, and the count one that can be reckoned with? */
bool hash_tree_is_sound(const struct hash_tree *tree);

/* How many bytes the tree takes. */
uint64_t hash_tree_size(const struct hash_tree *tree);

/*
 * Checks the blocks of the tree against each other.
 *
 * STATUS_OK  they agree; `*root` is the digest that signs all
 * STATUS_NO  they do not, or the tree is not as long as it should be
 */
enum status hash_tree_check(
    struct job *job, const struct hash_tree *tree, struct span bytes, struct digest *root);

/* How many blocks of `data` do not agree with the tree; SIZE_MAX when they cannot be hashed. */
size_t hash_tree_compare(
    struct job *job, const struct hash_tree *tree, struct span bytes, struct span data);

/* Does the first block of `data` agree?  Cheap, to find where the data are. */
bool hash_tree_begins(
    struct job *job, const struct hash_tree *tree, struct span bytes, struct span data);

#endif
