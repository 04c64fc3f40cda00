/* Folders name inodes by where they lie; a hostile one names a folder above itself, so each is
 * entered once. */
#include "base/arena.h"
#include "firmware/formats/squashfs.h"

#define MAX_DEPTH 256
#define MAX_RUN 256 /* entries under one header of a folder */

/* One folder on the way from the root. */
struct level {
	struct node *node;
	struct squashfs_fields rest; /* of its entries */
	uint32_t run;                /* entries left under the current header */
	uint32_t block;              /* of their inodes */
};

/* Was the inode seen before?  It is now. */
static bool
see(struct squashfs *fs, const struct squashfs_inode *inode)
{
	uint8_t *byte = &fs->seen[inode->place / 8], bit = (uint8_t)(1u << (inode->place & 7));
	bool before = (*byte & bit) != 0;

	*byte |= bit;
	fs->seen_count += before ? 0 : 1;
	return before;
}

/* Begins a folder. */
static bool
open_folder(
    struct squashfs *fs, const struct squashfs_inode *inode, struct node *node, struct level *level)
{
	struct span listing =
	    squashfs_table_from(&fs->folders, inode->folder_block, inode->folder_offset);

	*level = (struct level){.node = node};
	level->rest.big = fs->super.big;
	if (inode->listing == 0)
		return true;
	level->rest.rest = span_part(listing, 0, inode->listing);
	return level->rest.rest.size != 0;
}

/* The header of a run of entries whose inodes lie in one block. */
static bool
read_run(const struct squashfs *fs, struct level *level)
{
	struct squashfs_fields *fields = &level->rest;
	const unsigned major = fs->super.major;

	level->run = (uint32_t)squashfs_field(fields, major == 4 ? 32 : 8);
	level->block = (uint32_t)squashfs_field(fields, major < 3 ? 24 : 32);
	if (major >= 3)
		squashfs_field(fields, 32); /* inode number */
	if (fields->overrun || level->run >= MAX_RUN)
		return false;
	level->run++;
	return true;
}

/* Takes the next entry of a folder; false when it is damaged. */
static bool
next_entry(struct squashfs *fs, struct level *level, struct squashfs_inode *inode)
{
	struct squashfs_fields *fields = &level->rest;
	const unsigned major = fs->super.major;
	uint64_t offset, size;
	struct span name;

	if (level->run == 0 && !read_run(fs, level))
		return false;
	level->run--;
	offset = squashfs_field(fields, major == 4 ? 16 : 13);
	if (major == 4)
		squashfs_field(fields, 32); /* inode number's difference, type */
	else
		squashfs_field(fields, 3); /* type */
	size = squashfs_field(fields, major == 4 ? 16 : 8);
	if (major == 3)
		squashfs_field(fields, 16); /* inode number's difference */
	name = squashfs_field_bytes(fields, (size_t)size + 1);
	if (fields->overrun || !squashfs_inode_read(fs, level->block, offset, inode))
		return false;
	inode->entry.name = name;
	return true;
}

/* Adds one entry; a folder becomes the next level. */
static enum status
add_entry(struct squashfs *fs, struct level *levels, size_t *depth, struct squashfs_inode *inode)
{
	struct level *level = &levels[*depth - 1];
	bool before = see(fs, inode), good;
	struct node *node;

	TRY(squashfs_attributes_read(fs, inode->attributes, &inode->entry, &good));
	if (!good)
		TRY(unpack_damage(fs->unpack, level->node, fs->super.attribute_table, 0,
		    COVERAGE_DAMAGED, "squashfs: extended attributes of an entry are damaged"));
	if (inode->type == SQUASHFS_FILE) {
		inode->file.entry = inode->entry;
		inode->file.folder = level->node;
		return squashfs_window_add(fs, &inode->file);
	}
	TRY(unpack_entry(fs->unpack, level->node, &inode->entry, &node));
	if (inode->type != SQUASHFS_FOLDER || node == NULL)
		return STATUS_OK;
	if (!before && *depth < MAX_DEPTH && open_folder(fs, inode, node, &levels[*depth])) {
		(*depth)++;
		return STATUS_OK;
	}
	return unpack_damage(fs->unpack, node, 0, inode->listing, COVERAGE_DAMAGED,
	    "squashfs: folder is outside, too deep or seen before");
}

static enum status
walk_levels(struct squashfs *fs, struct level *levels, size_t depth)
{
	while (depth > 0) {
		struct level *level = &levels[depth - 1];
		struct squashfs_inode inode;

		if (level->rest.rest.size == 0 && level->run == 0 && !level->rest.overrun) {
			depth--;
			continue;
		}
		if (next_entry(fs, level, &inode)) {
			TRY(add_entry(fs, levels, &depth, &inode));
			continue;
		}
		TRY(unpack_damage(fs->unpack, level->node, 0, level->rest.rest.size,
		    COVERAGE_DAMAGED, "squashfs: folder is damaged"));
		level->rest = (struct squashfs_fields){0};
		level->run = 0;
	}
	return squashfs_window_flush(fs);
}

enum status
squashfs_walk(struct squashfs *fs, struct node *container)
{
	struct level *levels = arena_array(fs->job, MAX_DEPTH, sizeof *levels);
	struct squashfs_inode root;
	enum status status;

	if (levels == NULL)
		return STATUS_LIMIT;
	if (!squashfs_inode_read(fs, fs->super.root >> 16, fs->super.root & 0xffff, &root) ||
	    root.type != SQUASHFS_FOLDER || !open_folder(fs, &root, container, &levels[0]))
		return fail(fs->job, STATUS_MALFORMED, "squashfs: no root folder");
	see(fs, &root);
	TRY(squashfs_window_open(fs));
	status = walk_levels(fs, levels, 1);
	if (status != STATUS_OK) {
		squashfs_window_drop(fs); /* threads may still write there */
		return status;
	}
	/* without checksums, a folder that lost its last entries looks whole */
	if (fs->seen_count >= fs->super.inodes)
		return STATUS_OK;
	return unpack_damage(fs->unpack, container, fs->super.folder_table, 0, COVERAGE_DAMAGED,
	    "squashfs: %llu of %u inodes are in no folder",
	    (unsigned long long)(fs->super.inodes - fs->seen_count), (unsigned)fs->super.inodes);
}
