/* A folder is a file of records that fill its blocks; a record of inode 0 is nothing, and indexes
 * hide in such. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/formats/ext.h"

#define MAX_DEPTH 200u
#define RECORD_HEAD 8u
#define LONGEST_TARGET ((size_t)65536)
#define LARGEST_FOLDER ((size_t)64 << 20)
#define INLINE_HEAD                                                                                \
	((size_t)60) /* of a folder inside its inode: the first part, with the parent              \
		      */

struct walk {
	struct job *job;
	struct unpack *unpack;
	struct ext_volume *volume;
	const struct ext_super *super;
	uint64_t inodes;    /* as many as there can be in the image */
	uint8_t *visited;   /* a bit for each inode of a folder */
	bool name_is_short; /* its length has a byte of its own */
	unsigned depth;
};

struct record {
	uint32_t inode;
	size_t size;
	struct span name;
};

static enum status walk_folder(
    struct walk *walk, struct node *folder, const struct ext_inode *inode);

/* A damage told with the name it concerns. */
static enum status
damaged(struct walk *walk, struct node *folder, struct span name, const struct ext_inode *inode,
    enum coverage coverage, const char *why)
{
	const char *text = text_from_bytes(walk->job, name.at, name.size, 255);

	if (text == NULL)
		return STATUS_LIMIT;
	return unpack_damage(walk->unpack, folder, 0, inode->size, coverage,
	    "ext: %s, inode %u: %s", text, inode->number, why);
}

/* Where attributes are damaged the file is told without them. */
static enum status
read_attributes(struct walk *walk, struct node *folder, struct span name,
    const struct ext_inode *inode, struct entry *entry)
{
	const char *why = ext_read_attributes(
	    walk->job, walk->volume, inode->number, &entry->attributes, &entry->attribute_count);

	return why == NULL ? STATUS_OK : damaged(walk, folder, name, inode, COVERAGE_DAMAGED, why);
}

static enum status
add_file(struct walk *walk, struct node *folder, struct entry *entry, const struct ext_inode *inode)
{
	struct span content;
	const char *why;

	why = ext_read_content(walk->job, walk->volume, inode, unpack_room(walk->unpack), &content);
	if (why != NULL) {
		/* at a limit nothing was put together yet */
		if (!text_starts_with(why, "limit"))
			unpack_waste(walk->unpack, inode->size);
		return damaged(walk, folder, entry->name, inode, COVERAGE_DAMAGED, why);
	}
	return unpack_file(walk->unpack, folder, entry, content, NULL);
}

static bool
visit(struct walk *walk, uint32_t number)
{
	uint8_t *byte, bit = (uint8_t)(1u << (number & 7));

	if (number >= walk->inodes)
		return false;
	byte = &walk->visited[number / 8];
	if (*byte & bit)
		return false;
	*byte |= bit;
	return true;
}

static enum status
add_other(
    struct walk *walk, struct node *folder, struct entry *entry, const struct ext_inode *inode)
{
	const char *why;
	struct node *node;

	if (entry->type == NODE_LINK) {
		why = ext_read_content(
		    walk->job, walk->volume, inode, LONGEST_TARGET, &entry->target);
		if (why != NULL)
			return damaged(walk, folder, entry->name, inode, COVERAGE_DAMAGED, why);
	}
	if (entry->type == NODE_FOLDER && (walk->depth >= MAX_DEPTH || !visit(walk, inode->number)))
		return damaged(walk, folder, entry->name, inode, COVERAGE_DAMAGED,
		    "a folder too deep, or seen before");
	TRY(unpack_entry(walk->unpack, folder, entry, &node));
	return entry->type == NODE_FOLDER && node != NULL ? walk_folder(walk, node, inode)
							  : STATUS_OK;
}

static bool
is_known_type(uint32_t mode)
{
	return node_type_of(mode) != NODE_FILE || (mode & 0170000) == 0100000;
}

static enum status
add_record(struct walk *walk, struct node *folder, const struct record *record)
{
	struct ext_inode inode = {.number = record->inode};
	struct entry entry = {.name = record->name};
	const char *why;

	ext_grant_entry(walk->volume);
	why = ext_read_inode(walk->volume, record->inode, &inode);
	if (why == NULL && !is_known_type(inode.mode))
		why = "a file of no known type";
	if (why != NULL)
		return damaged(walk, folder, record->name, &inode, COVERAGE_DAMAGED, why);
	entry.type = node_type_of(inode.mode);
	entry.mode = inode.mode;
	entry.uid = inode.uid;
	entry.gid = inode.gid;
	entry.bytes = inode.size;
	entry.major = inode.major;
	entry.minor = inode.minor;
	entry.is_block = (inode.mode & 0170000) == 0060000;
	TRY(read_attributes(walk, folder, record->name, &inode, &entry));
	if ((inode.flags & EXT_INODE_ENCRYPTED) && entry.type != NODE_FOLDER)
		return damaged(walk, folder, record->name, &inode, COVERAGE_ENCRYPTED, "encrypted");
	if (entry.type == NODE_FILE)
		return add_file(walk, folder, &entry, &inode);
	return add_other(walk, folder, &entry, &inode);
}

static bool
read_record(const struct walk *walk, struct reader *reader, struct record *record)
{
	struct span rest = reader->rest;
	struct reader whole;
	uint32_t size;

	record->inode = read_u32_le(reader);
	size = read_u16_le(reader);
	if (walk->super->block_size > 32768) /* so that 64 KiB can be said in 16 bits */
		size = size == 0xffff || size == 0 ? 65536 : (size & 0xfffc) | (size & 3) << 16;
	record->size = size;
	whole = (struct reader){.rest = span_part(rest, 4 + 2, size < RECORD_HEAD ? 0 : size - 6)};
	record->name.size = walk->name_is_short ? read_u8(&whole) : read_u16_le(&whole);
	if (walk->name_is_short)
		read_u8(&whole); /* type */
	record->name = read_bytes(&whole, record->name.size);
	reader->rest = span_from(rest, size);
	return !reader->overrun && size >= RECORD_HEAD && size % 4 == 0 &&
	       (record->inode == 0 || (!whole.overrun && record->name.size != 0));
}

static bool
is_dot(struct span name)
{
	return name.at[0] == '.' && (name.size == 1 || (name.size == 2 && name.at[1] == '.'));
}

/* The records of one block; false in `*good` when they do not fill it as they should. */
static enum status
walk_block(struct walk *walk, struct node *folder, struct span block, bool *good)
{
	struct reader reader = {.rest = block};
	struct record record;

	*good = true;
	while (reader.rest.size != 0) {
		struct arena_mark mark = arena_mark(walk->job->arena);

		*good = read_record(walk, &reader, &record);
		if (!*good)
			return STATUS_OK;
		if (record.inode != 0 && !is_dot(record.name))
			TRY(add_record(walk, folder, &record));
		arena_release(walk->job->arena, mark);
	}
	return STATUS_OK;
}

static enum status
walk_blocks(
    struct walk *walk, struct node *folder, const struct ext_inode *inode, struct span content)
{
	size_t block_size = walk->super->block_size, at = inode->is_inline ? 4 : 0;
	bool good = true;

	while (at < content.size) {
		size_t end = inode->is_inline ? (at < INLINE_HEAD ? INLINE_HEAD : content.size)
					      : at + block_size;
		struct span block = span_part(content, at, end - at);
		bool holds = block.size != 0;

		if (holds && !inode->is_inline)
			holds = ext_folder_block_is_good(
			    walk->volume, inode->number, (uint8_t *)(uintptr_t)block.at);
		if (!holds)
			TRY(unpack_damage(walk->unpack, folder, 0, end - at, COVERAGE_DAMAGED,
			    "ext: block %zu of a folder, inode %u: its checksum or size is bad",
			    at / block_size, inode->number));
		if (block.size != 0)
			TRY(walk_block(walk, folder, block, &good));
		if (!good)
			TRY(unpack_damage(walk->unpack, folder, 0, end - at, COVERAGE_DAMAGED,
			    "ext: block %zu of a folder, inode %u, is damaged", at / block_size,
			    inode->number));
		at = end;
	}
	return STATUS_OK;
}

static enum status
walk_folder(struct walk *walk, struct node *folder, const struct ext_inode *inode)
{
	struct arena_mark mark = arena_mark(walk->job->arena);
	struct span content;
	enum status status;
	const char *why =
	    ext_read_content(walk->job, walk->volume, inode, LARGEST_FOLDER, &content);

	if (inode->flags & EXT_INODE_ENCRYPTED)
		return unpack_damage(walk->unpack, folder, 0, inode->size, COVERAGE_ENCRYPTED,
		    "ext: a folder, inode %u, in which names and files are encrypted",
		    inode->number);
	if (why != NULL)
		return unpack_damage(walk->unpack, folder, 0, inode->size, COVERAGE_DAMAGED,
		    "ext: folder, inode %u: %s", inode->number, why);
	walk->depth++;
	status = walk_blocks(walk, folder, inode, content);
	walk->depth--;
	arena_release(walk->job->arena, mark);
	return status;
}

enum status
ext_walk(struct job *job, struct unpack *unpack, struct node *container, struct ext_volume *volume,
    const struct ext_super *super, struct span image)
{
	struct walk walk = {
	    .job = job,
	    .unpack = unpack,
	    .volume = volume,
	    .super = super,
	    .name_is_short = (super->incompatible & EXT_FILE_TYPE) != 0,
	};
	struct ext_inode root;
	const char *why = ext_read_inode(volume, EXT_ROOT_INODE, &root);

	if (why != NULL || node_type_of(root.mode) != NODE_FOLDER)
		return fail(job, STATUS_MALFORMED, "ext: no root folder: %s",
		    why == NULL ? "it is something else" : why);
	walk.inodes = image.size / super->inode_size + 1;
	if (walk.inodes > (uint64_t)super->inodes + 1)
		walk.inodes = (uint64_t)super->inodes + 1;
	walk.visited = arena_allocate(job, walk.inodes / 8 + 1);
	if (walk.visited == NULL)
		return STATUS_LIMIT;
	visit(&walk, EXT_ROOT_INODE);
	return walk_folder(&walk, container, &root);
}
