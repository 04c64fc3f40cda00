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
hash_tree_find_kind(struct span algorithm, enum digest_kind *kind)
{
	static const struct {
		const char *name;
		enum digest_kind kind;
	} kinds[] = {{"sha256", DIGEST_SHA256}, {"sha1", DIGEST_SHA1}, {"sha384", DIGEST_SHA384},
	    {"sha512", DIGEST_SHA512}};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		*kind = kinds[i].kind;
		if (span_equal(algorithm, span_of_string(kinds[i].name)))
			return true;
	}
	return false;
}

bool
hash_tree_is_sound(const struct hash_tree *tree)
{
	return is_block_size(tree->data_block) && is_block_size(tree->hash_block) &&
	       tree->data_blocks != 0 && tree->data_blocks < MAX_BLOCKS;
}

/* A power of two, as the kernel reckons. */
static uint64_t
digests_per_block(const struct hash_tree *tree)
{
	uint64_t count = 1;

	while (count * 2 * digest_size(tree->kind) <= tree->hash_block)
		count *= 2;
	return count;
}

/* The first version of the format leaves no room between digests. */
static uint64_t
slot_size(const struct hash_tree *tree)
{
	return tree->salt_last ? digest_size(tree->kind)
			       : tree->hash_block / digests_per_block(tree);
}

/* Level 0 holds the digests of the data. */
static unsigned
list_levels(const struct hash_tree *tree, struct level levels[MAX_LEVELS], uint64_t *size)
{
	uint64_t per_block = digests_per_block(tree), blocks = tree->data_blocks;
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
hash_block(struct job *job, const struct hash_tree *tree, struct span block,
    uint8_t digest[DIGEST_LARGEST])
{
	const struct span none = {0};
	const struct span parts[] = {
	    tree->salt_last ? none : tree->salt, block, tree->salt_last ? tree->salt : none};

	if (!digest_of_three(tree->kind, parts, digest))
		return fail(job, STATUS_LIMIT, "no memory to hash with");
	return STATUS_OK;
}

static bool
is_zero(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.at[i] != 0)
			return false;
	return true;
}

/* What stands between the digests of a level, and behind them: nobody may keep anything there. */
static bool
is_tight(const struct hash_tree *tree, struct span digests, size_t count)
{
	const uint64_t slot = slot_size(tree), size = digest_size(tree->kind);
	const uint64_t per_block = digests_per_block(tree);
	uint64_t blocks = digests.size / tree->hash_block;

	for (uint64_t i = 0; i < blocks; i++) {
		struct span block = span_part(digests, i * tree->hash_block, tree->hash_block);
		uint64_t here =
		    count - i * per_block < per_block ? count - i * per_block : per_block;

		for (uint64_t d = 0; slot != size && d < here; d++)
			if (!is_zero(span_part(block, d * slot + size, slot - size)))
				return false;
		if (!is_zero(span_from(block, here * slot)))
			return false;
	}
	return true;
}

/* Compares the blocks of `data`, `size` bytes each, with the digests in a level. */
static enum status
compare_level(struct job *job, const struct hash_tree *tree, struct span digests, struct span data,
    uint32_t size, size_t *differing)
{
	const size_t count = data.size / size, length = digest_size(tree->kind);
	const uint64_t per_block = digests_per_block(tree), slot = slot_size(tree);

	for (size_t i = 0; i < count; i++) {
		uint64_t at = i / per_block * tree->hash_block + i % per_block * slot;
		struct span said = span_part(digests, at, length);
		uint8_t found[DIGEST_LARGEST];

		TRY(hash_block(job, tree, span_part(data, (uint64_t)i * size, size), found));
		if (said.size != length || memcmp(said.at, found, length) != 0)
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
    struct job *job, const struct hash_tree *tree, struct span bytes, uint8_t root[DIGEST_LARGEST])
{
	struct level levels[MAX_LEVELS];
	uint64_t size;
	unsigned count = list_levels(tree, levels, &size);
	size_t differing = 0;

	if (count == 0 || bytes.size < size)
		return STATUS_NO;
	TRY(hash_block(job, tree, level_bytes(tree, bytes, &levels[count - 1]), root));
	for (unsigned i = count; i-- > 0;)
		if (!is_tight(tree, level_bytes(tree, bytes, &levels[i]),
			i == 0 ? tree->data_blocks : levels[i - 1].blocks))
			return STATUS_NO;
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
