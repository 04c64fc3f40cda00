/* A small file of F2FS stands in its inode; a larger one is addresses there, and in nodes of nodes.
 */
#include <string.h>

#include "base/arena.h"
#include "firmware/formats/f2fs.h"

#define NODES_AT 4052 /* in an inode: two direct, two indirect, one twice indirect */
#define NEW_BLOCK UINT32_MAX
#define COMPRESSED_BLOCK (UINT32_MAX - 1)
#define IS_COMPRESSED 4u
#define INLINE_DATA 2
#define MAX_BLOCKS ((uint64_t)1 << 32)
#define ATTRIBUTE_MAGIC 0xf2f52011
#define ATTRIBUTE_HEADER 24

struct addresses {
	const struct f2fs *fs;
	uint32_t *blocks; /* zeroed: a hole */
	uint64_t count, done;
	bool compressed;
};

struct span
f2fs_inline_data(const struct f2fs_inode *inode)
{
	/* one word is kept free */
	uint64_t words = F2FS_IN_INODE - inode->extra - inode->inline_attributes - 1;

	return span_part(
	    inode->node, F2FS_ADDRESSES_AT + 4 * ((uint64_t)inode->extra + 1), words * 4);
}

static bool
take(struct addresses *addresses, struct span words, uint64_t count)
{
	struct reader reader = {.rest = words};

	for (uint64_t i = 0; i < count && addresses->done < addresses->count; i++) {
		uint32_t block = read_u32_le(&reader);

		addresses->compressed = addresses->compressed || block == COMPRESSED_BLOCK;
		addresses->blocks[addresses->done++] = block == NEW_BLOCK ? 0 : block;
	}
	return !reader.overrun;
}

/* `level` nodes deep: 0 holds addresses; what is not there at all is a hole. */
static bool
take_node(struct addresses *addresses, uint32_t number, unsigned level)
{
	uint64_t spans = F2FS_IN_NODE;
	struct reader reader;
	struct span node;

	for (unsigned i = 0; i < level; i++)
		spans *= F2FS_IN_NODE;
	if (number == 0) {
		uint64_t left = addresses->count - addresses->done;

		addresses->done += left < spans ? left : spans;
		return true;
	}
	node = f2fs_node(addresses->fs, number);
	if (node.size == 0)
		return false;
	if (level == 0)
		return take(addresses, node, F2FS_IN_NODE);
	reader = (struct reader){.rest = node};
	for (unsigned i = 0; i < F2FS_IN_NODE && addresses->done < addresses->count; i++)
		if (!take_node(addresses, read_u32_le(&reader), level - 1))
			return false;
	return true;
}

static bool
take_all(struct addresses *addresses, const struct f2fs_inode *inode)
{
	static const unsigned levels[] = {0, 0, 1, 1, 2};
	uint64_t words = F2FS_IN_INODE - inode->extra - inode->inline_attributes;
	struct reader nodes = {.rest = span_from(inode->node, NODES_AT)};
	struct span own = span_from(inode->node, F2FS_ADDRESSES_AT + 4 * (uint64_t)inode->extra);

	if (!take(addresses, own, words))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(levels) && addresses->done < addresses->count; i++)
		if (!take_node(addresses, read_u32_le(&nodes), levels[i]))
			return false;
	return addresses->done == addresses->count;
}

/* One run of the image needs no copy. */
static struct span
one_run(const struct addresses *addresses, uint64_t size)
{
	uint64_t first = addresses->blocks[0];

	for (uint64_t i = 0; i < addresses->count; i++)
		if (first == 0 || addresses->blocks[i] != first + i)
			return (struct span){0};
	return span_part(addresses->fs->image, first * F2FS_BLOCK, size);
}

static enum status
copy_blocks(const struct addresses *addresses, uint64_t size, struct span *content)
{
	const struct f2fs *fs = addresses->fs;
	uint8_t *out;

	TRY(unpack_allow(fs->unpack, fs->job, size));
	out = arena_allocate(fs->job, (size_t)size);
	if (out == NULL)
		return STATUS_LIMIT;
	for (uint64_t i = 0; i < addresses->count; i++) {
		uint64_t at = i * F2FS_BLOCK;
		struct span block = f2fs_block(fs, addresses->blocks[i]);

		if (addresses->blocks[i] == 0)
			continue;
		if (block.size == 0 || addresses->blocks[i] < fs->super.main)
			return STATUS_MALFORMED;
		memcpy(
		    out + at, block.at, size - at < F2FS_BLOCK ? (size_t)(size - at) : F2FS_BLOCK);
	}
	*content = (struct span){out, (size_t)size};
	return STATUS_OK;
}

enum status
f2fs_read_content(const struct f2fs *fs, const struct f2fs_inode *inode, struct span *content)
{
	struct addresses addresses = {.fs = fs};

	*content = (struct span){0};
	if (inode->size == 0)
		return STATUS_OK;
	if (inode->inline_flags & INLINE_DATA) {
		*content = span_part(f2fs_inline_data(inode), 0, inode->size);
		return content->size == 0 ? STATUS_MALFORMED : STATUS_OK;
	}
	if (inode->flags & IS_COMPRESSED)
		return STATUS_UNAVAILABLE;
	if (inode->size > unpack_room(fs->unpack))
		return STATUS_LIMIT;
	addresses.count = (inode->size + F2FS_BLOCK - 1) / F2FS_BLOCK;
	addresses.blocks = arena_array(fs->job, (size_t)addresses.count, sizeof *addresses.blocks);
	if (addresses.blocks == NULL)
		return STATUS_LIMIT;
	if (!take_all(&addresses, inode))
		return STATUS_MALFORMED;
	if (addresses.compressed)
		return STATUS_UNAVAILABLE;
	*content = one_run(&addresses, inode->size);
	return content->size != 0 ? STATUS_OK : copy_blocks(&addresses, inode->size, content);
}

/* Reads entries to the zero behind the last; they never go over the end. */
static bool
read_entries(const struct f2fs *fs, struct reader *reader,
    struct attribute attributes[F2FS_MAX_ATTRIBUTES], size_t *count)
{
	static const char *const prefixes[] = {"", "user.", "system.posix_acl_access",
	    "system.posix_acl_default", "trusted.", "lustre.", "security.", "system.advise"};

	while (reader->rest.size >= 4 && !span_starts_with(reader->rest, "\0\0\0\0", 4)) {
		uint8_t prefix = read_u8(reader), name_size = read_u8(reader);
		uint16_t value_size = read_u16_le(reader);
		struct span name = read_bytes(reader, name_size);
		struct span value = read_bytes(reader, value_size);
		size_t odd = ((size_t)name_size + value_size) % 4;
		char *whole;

		if (odd != 0)
			read_bytes(reader, 4 - odd);
		if (reader->overrun || *count == F2FS_MAX_ATTRIBUTES)
			return false;
		whole = arena_printf(fs->job, "%s%.*s",
		    prefix < ARRAY_SIZE(prefixes) ? prefixes[prefix] : "other.", (int)name.size,
		    name.size == 0 ? "" : (const char *)name.at);
		if (whole == NULL)
			return false;
		attributes[(*count)++] =
		    (struct attribute){.name = span_of_string(whole), .value = value};
	}
	return true;
}

static bool
is_zero(struct span bytes)
{
	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.at[i] != 0)
			return false;
	return true;
}

/* Those in the inode and those in their own node are one list. */
bool
f2fs_read_attributes(const struct f2fs *fs, const struct f2fs_inode *inode,
    struct attribute attributes[F2FS_MAX_ATTRIBUTES], size_t *count)
{
	size_t own = (size_t)inode->inline_attributes * 4, size = own;
	struct span node = {0}, words = span_part(inode->node, NODES_AT - own, own);
	struct reader reader;
	uint8_t *list;

	*count = 0;
	if (inode->attributes_node != 0) {
		node = span_part(f2fs_node(fs, inode->attributes_node), 0, F2FS_FOOTER_AT);
		if (node.size == 0)
			return false;
		size += node.size;
	}
	if (size == 0)
		return true;
	list = arena_allocate(fs->job, size);
	if (list == NULL)
		return false;
	if (own != 0)
		memcpy(list, words.at, own);
	if (node.size != 0)
		memcpy(list + own, node.at, node.size);
	reader = (struct reader){.rest = {list, size}};
	if (read_u32_le(&reader) != ATTRIBUTE_MAGIC)
		return is_zero((struct span){list, size}); /* none were ever set */
	read_bytes(&reader, ATTRIBUTE_HEADER - 4);
	return read_entries(fs, &reader, attributes, count);
}
