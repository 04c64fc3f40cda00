/* Whatever has a key, sorted by it: all of one inode and kind lie together. */
#include "base/arena.h"
#include "firmware/formats/ubifs.h"

#define LEAF_COST ((uint64_t)64) /* bytes as long to write as it takes to look at a leaf */

/* Leaves grow by doubling: the arena keeps the old ones until the file system is done. */
static enum status
grow(struct ubifs *fs)
{
	size_t room = fs->leaf_room == 0 ? 4096 : fs->leaf_room * 2;
	struct ubifs_leaf *leaves = arena_array(fs->job, room, sizeof *leaves);

	if (leaves == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < fs->leaf_count; i++)
		leaves[i] = fs->leaves[i];
	fs->leaves = leaves;
	fs->leaf_room = room;
	return STATUS_OK;
}

enum status
ubifs_add_leaf(struct ubifs *fs, uint64_t at, const struct ubifs_node *node, bool bad)
{
	struct reader key = {.rest = node->body};
	struct ubifs_leaf leaf = {.at = at, .sequence = node->sequence, .bad = bad};
	uint32_t place;

	leaf.inode = read_u32_le(&key);
	place = read_u32_le(&key);
	leaf.kind = (uint8_t)(place >> 29);
	leaf.place = place & 0x1fffffff;
	if (key.overrun || leaf.kind != node->kind)
		return STATUS_OK;
	if (fs->leaf_count == fs->leaf_room)
		TRY(grow(fs));
	fs->leaves[fs->leaf_count++] = leaf;
	return STATUS_OK;
}

/* The first leaf whose inode and kind are not below these. */
static size_t
first_leaf(const struct ubifs *fs, uint32_t inode, unsigned kind)
{
	size_t low = 0, high = fs->leaf_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct ubifs_leaf *leaf = &fs->leaves[middle];

		if (leaf->inode < inode || (leaf->inode == inode && leaf->kind < kind))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
ubifs_leaves_of(
    const struct ubifs *fs, uint32_t inode, enum ubifs_kind kind, size_t *from, size_t *to)
{
	*from = first_leaf(fs, inode, kind);
	*to = first_leaf(fs, inode, kind + 1u);
}

enum status
ubifs_charge(struct ubifs *fs, size_t leaves)
{
	unpack_waste(fs->unpack, leaves * LEAF_COST);
	if (unpack_room(fs->unpack) != 0)
		return STATUS_OK;
	return fail(fs->job, STATUS_LIMIT, "ubifs: limit: more work than there may be");
}
