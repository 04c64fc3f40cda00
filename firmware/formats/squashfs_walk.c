/* Folders name inodes by where they lie; a hostile one names a folder above itself, so each is
 * entered once. */
#include "base/arena.h"
#include "firmware/formats/squashfs.h"

#define MAX_DEPTH 256
#define MAX_RUN 256 /* entries under one header of a folder */

enum inode_type {
	INODE_FOLDER = 1,
	INODE_FILE,
	INODE_LINK,
	INODE_BLOCK_DEVICE,
	INODE_CHARACTER_DEVICE,
	INODE_FIFO,
	INODE_SOCKET,
	INODE_EXTENDED = 7, /* added to each of the above */
};

struct inode {
	struct entry entry;
	unsigned type;     /* without INODE_EXTENDED */
	struct span place; /* in the inode table */
	/* of a folder */
	uint32_t folder_block, folder_offset, folder_size;
	/* of a file */
	struct squashfs_file file;
};

/* One folder on the way from the root. */
struct level {
	struct node *node;
	struct reader rest; /* of its entries */
	uint32_t run;       /* entries left under the current header */
	uint32_t block;     /* of their inodes */
};

static void
read_folder(struct reader *reader, struct inode *inode, bool extended)
{
	if (extended) {
		read_bytes(reader, 4); /* links */
		inode->folder_size = read_u32_le(reader);
		inode->folder_block = read_u32_le(reader);
		read_bytes(reader, 6); /* parent, index count */
		inode->folder_offset = read_u16_le(reader);
		read_bytes(reader, 4); /* attributes */
		return;
	}
	inode->folder_block = read_u32_le(reader);
	read_bytes(reader, 4); /* links */
	inode->folder_size = read_u16_le(reader);
	inode->folder_offset = read_u16_le(reader);
	read_bytes(reader, 4); /* parent */
}

static void
read_file(struct squashfs *fs, struct reader *reader, struct inode *inode, bool extended)
{
	struct squashfs_file *file = &inode->file;
	uint64_t blocks;

	file->start = extended ? read_u64_le(reader) : read_u32_le(reader);
	if (extended) {
		file->size = read_u64_le(reader);
		read_bytes(reader, 12); /* sparse, links */
	}
	file->fragment = read_u32_le(reader);
	file->fragment_offset = read_u32_le(reader);
	if (extended)
		read_bytes(reader, 4); /* attributes */
	else
		file->size = read_u32_le(reader);
	blocks = file->size >> fs->super.block_log;
	if (file->fragment == SQUASHFS_NO_FRAGMENT && file->size % fs->super.block_size != 0)
		blocks++;
	if (blocks > SIZE_MAX / 4)
		reader->overrun = true;
	else
		file->blocks = read_bytes(reader, (size_t)blocks * 4);
}

static void
read_device(struct reader *reader, struct inode *inode)
{
	uint32_t number;

	read_bytes(reader, 4); /* links */
	number = read_u32_le(reader);
	inode->entry.major = number >> 8 & 0xfff;
	inode->entry.minor = (number & 0xff) | (number >> 12 & 0xfff00);
	inode->entry.is_block = inode->type == INODE_BLOCK_DEVICE;
}

static enum node_type
node_type_of_inode(unsigned type)
{
	static const enum node_type types[] = {NODE_FILE, NODE_FOLDER, NODE_FILE, NODE_LINK,
	    NODE_DEVICE, NODE_DEVICE, NODE_FIFO, NODE_SOCKET};

	return types[type];
}

static uint32_t
id_of(const struct squashfs *fs, uint16_t index)
{
	return index < fs->super.ids ? fs->ids[index] : UINT32_MAX;
}

/* Reads the inode at a reference; false when there is none that makes sense. */
static bool
read_inode(struct squashfs *fs, uint64_t block, uint32_t offset, struct inode *inode)
{
	struct span place = squashfs_table_from(&fs->inodes, block, offset);
	struct reader reader = {.rest = place};
	unsigned type = read_u16_le(&reader);
	bool extended = type > INODE_EXTENDED;

	*inode = (struct inode){.place = place};
	if (type == 0 || type > INODE_SOCKET + INODE_EXTENDED)
		return false;
	inode->type = extended ? type - INODE_EXTENDED : type;
	inode->entry.type = node_type_of_inode(inode->type);
	inode->entry.mode = read_u16_le(&reader);
	inode->entry.uid = id_of(fs, read_u16_le(&reader));
	inode->entry.gid = id_of(fs, read_u16_le(&reader));
	read_bytes(&reader, 8); /* time, number */
	switch (inode->type) {
	case INODE_FOLDER:
		read_folder(&reader, inode, extended);
		break;
	case INODE_FILE:
		read_file(fs, &reader, inode, extended);
		break;
	case INODE_LINK:
		read_bytes(&reader, 4); /* links */
		inode->entry.target = read_bytes(&reader, read_u32_le(&reader));
		break;
	case INODE_BLOCK_DEVICE:
	case INODE_CHARACTER_DEVICE:
		read_device(&reader, inode);
		break;
	default:
		break;
	}
	return !reader.overrun;
}

/* Begins a folder: its entries, of which the listing is three bytes shorter than its inode says. */
static bool
open_folder(struct squashfs *fs, const struct inode *inode, struct node *node, struct level *level)
{
	struct span listing =
	    squashfs_table_from(&fs->folders, inode->folder_block, inode->folder_offset);
	size_t place = (size_t)(inode->place.at - fs->inodes.bytes.at);
	uint8_t bit = (uint8_t)(1u << (place & 7));

	*level = (struct level){.node = node};
	if (inode->folder_size <= 3)
		return true;
	level->rest.rest = span_part(listing, 0, inode->folder_size - 3);
	if (level->rest.rest.size == 0 || fs->visited[place / 8] & bit)
		return false;
	fs->visited[place / 8] |= bit;
	return true;
}

/* Takes the next entry of a folder; false when it is damaged. */
static bool
next_entry(struct squashfs *fs, struct level *level, struct inode *inode)
{
	struct reader *reader = &level->rest;
	struct span name;
	uint16_t offset;

	if (level->run == 0) {
		level->run = read_u32_le(reader);
		level->block = read_u32_le(reader);
		read_bytes(reader, 4); /* inode number */
		if (reader->overrun || level->run >= MAX_RUN)
			return false;
		level->run++;
	}
	level->run--;
	offset = read_u16_le(reader);
	read_bytes(reader, 4); /* inode number's difference, type */
	name = read_bytes(reader, (size_t)read_u16_le(reader) + 1);
	if (reader->overrun || !read_inode(fs, level->block, offset, inode))
		return false;
	inode->entry.name = name;
	return true;
}

/* Adds one entry; a folder becomes the next level. */
static enum status
add_entry(struct squashfs *fs, struct level *levels, size_t *depth, struct inode *inode)
{
	struct level *level = &levels[*depth - 1];
	struct node *node;

	if (inode->type == INODE_FILE) {
		inode->file.entry = inode->entry;
		inode->file.folder = level->node;
		return squashfs_window_add(fs, &inode->file);
	}
	TRY(unpack_entry(fs->unpack, level->node, &inode->entry, &node));
	if (inode->type != INODE_FOLDER || node == NULL)
		return STATUS_OK;
	if (*depth < MAX_DEPTH && open_folder(fs, inode, node, &levels[*depth])) {
		(*depth)++;
		return STATUS_OK;
	}
	return unpack_damage(fs->unpack, node, 0, inode->folder_size, COVERAGE_DAMAGED,
	    "squashfs: folder is outside, too deep or seen before");
}

static enum status
walk_levels(struct squashfs *fs, struct level *levels, size_t depth)
{
	while (depth > 0) {
		struct level *level = &levels[depth - 1];
		struct inode inode;

		if (level->rest.rest.size == 0 && !level->rest.overrun) {
			depth--;
			continue;
		}
		if (next_entry(fs, level, &inode)) {
			TRY(add_entry(fs, levels, &depth, &inode));
			continue;
		}
		TRY(unpack_damage(fs->unpack, level->node, 0, level->rest.rest.size,
		    COVERAGE_DAMAGED, "squashfs: folder is damaged"));
		level->rest = (struct reader){0};
	}
	return squashfs_window_flush(fs);
}

enum status
squashfs_walk(struct squashfs *fs, struct node *container)
{
	struct level *levels = arena_array(fs->job, MAX_DEPTH, sizeof *levels);
	struct inode root;
	enum status status;

	if (levels == NULL)
		return STATUS_LIMIT;
	if (!read_inode(fs, fs->super.root >> 16, fs->super.root & 0xffff, &root) ||
	    root.type != INODE_FOLDER || !open_folder(fs, &root, container, &levels[0]))
		return fail(fs->job, STATUS_MALFORMED, "squashfs: no root folder");
	TRY(squashfs_window_open(fs));
	status = walk_levels(fs, levels, 1);
	if (status != STATUS_OK)
		squashfs_window_drop(fs); /* threads may still write there */
	return status;
}
