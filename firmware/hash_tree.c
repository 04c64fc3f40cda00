/* The level that is hashed last, a single block, stands first in a hash tree. */
#include "firmware/hash_tree.h"

#include <string.h>

#define MAX_LEVELS 64u
#define LARGEST_BLOCK ((uint32_t)1 << 20)
#define MAX_BLOCKS ((uint64_t)1 << 40)

/* One level: how many blocks it has, and where they begin. */
struct level {
	uint64_t blocks, offset;
};

static bool
is_block_size(uint32_t size)
{
	return size >= 512 && size <= LARGEST_BLOCK && (size & (size - 1)) == 0;
}

bool
hash_tree_is_sound(const struct hash_tree *tree)
{
	return is_block_size(tree->data_block) && is_block_size(tree->hash_block) &&
	       tree->data_blocks != 0 && tree->data_blocks < MAX_BLOCKS;
}

/* Level 0 holds the digests of the data. */
static unsigned
list_levels(const struct hash_tree *tree, struct level levels[MAX_LEVELS], uint64_t *size)
{
	uint64_t per_block = tree->hash_block / DIGEST_SIZE, blocks = tree->data_blocks;
	unsigned count = 0;

	while (blocks > 1 && count < MAX_LEVELS) {
		blocks = (blocks + per_block - 1) / per_block;
		levels[count++].blocks = blocks;
	}
	*size = 0;
	for (unsigned i = count; i-- > 0;) {
		levels[i].offset = *size;
		*size += levels[i].blocks * tree->hash_block;
	}
	return count;
}

uint64_t
hash_tree_size(const struct hash_tree *tree)
{
	struct level levels[MAX_LEVELS];
	uint64_t size;

	list_levels(tree, levels, &size);
	return size;
}

static enum status
hash_block(struct job *job, const struct hash_tree *tree, struct span block, struct digest *digest)
{
	struct digest_stream *stream = digest_stream_new();

	if (stream == NULL)
		return fail(job, STATUS_LIMIT, "no memory to hash with");
	if (!tree->salt_last)
		digest_stream_add(stream, tree->salt.at, tree->salt.size);
	digest_stream_add(stream, block.at, block.size);
	if (tree->salt_last)
		digest_stream_add(stream, tree->salt.at, tree->salt.size);
	return digest_stream_finish(job, stream, digest);
}

/* Compares the blocks of `data`, `size` bytes each, with the digests in a level. */
static enum status
compare_level(struct job *job, const struct hash_tree *tree, struct span digests, struct span data,
    uint32_t size, size_t *differing)
{
	size_t count = data.size / size;

	for (size_t i = 0; i < count; i++) {
		struct span said = span_part(digests, (uint64_t)i * DIGEST_SIZE, DIGEST_SIZE);
		struct digest found;

		TRY(hash_block(job, tree, span_part(data, (uint64_t)i * size, size), &found));
		if (said.size == 0 || memcmp(said.at, found.bytes, DIGEST_SIZE) != 0)
			++*differing;
	}
	return STATUS_OK;
}

static struct span
level_bytes(const struct hash_tree *tree, struct span bytes, const struct level *level)
{
	return span_part(bytes, level->offset, level->blocks * tree->hash_block);
}

enum status
hash_tree_check(
    struct job *job, const struct hash_tree *tree, struct span bytes, struct digest *root)
{
	struct level levels[MAX_LEVELS];
	uint64_t size;
	unsigned count = list_levels(tree, levels, &size);
	size_t differing = 0;

	if (count == 0 || bytes.size < size)
		return STATUS_NO;
	TRY(hash_block(job, tree, level_bytes(tree, bytes, &levels[count - 1]), root));
	for (unsigned i = count - 1; i-- > 0;)
		TRY(compare_level(job, tree, level_bytes(tree, bytes, &levels[i + 1]),
		    level_bytes(tree, bytes, &levels[i]), tree->hash_block, &differing));
	return differing == 0 ? STATUS_OK : STATUS_NO;
}

size_t
hash_tree_compare(
    struct job *job, const struct hash_tree *tree, struct span bytes, struct span data)
{
	struct level levels[MAX_LEVELS];
	uint64_t size;
	size_t differing = 0;

	if (list_levels(tree, levels, &size) == 0 || bytes.size < size)
		return SIZE_MAX;
	data = span_part(data, 0, tree->data_blocks * tree->data_block);
	if (data.size == 0 || compare_level(job, tree, level_bytes(tree, bytes, &levels[0]), data,
				  tree->data_block, &differing) != STATUS_OK)
		return SIZE_MAX;
	return differing;
}

bool
hash_tree_begins(struct job *job, const struct hash_tree *tree, struct span bytes, struct span data)
{
	struct level levels[MAX_LEVELS];
	uint64_t size;
	size_t differing = 0;

	if (list_levels(tree, levels, &size) == 0 || bytes.size < size ||
	    data.size < tree->data_block)
		return false;
	return compare_level(job, tree, level_bytes(tree, bytes, &levels[0]),
		   span_part(data, 0, tree->data_block), tree->data_block,
		   &differing) == STATUS_OK &&
	       differing == 0;
}
