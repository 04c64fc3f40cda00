/* An inode says of itself what it is; the entry that names it says it again and is not needed. */
#include "firmware/formats/squashfs.h"

#define EXTENDED 7 /* added to each of enum squashfs_type */

static void
read_folder(struct squashfs_fields *fields, struct squashfs_inode *inode, bool extended)
{
	uint64_t size;

	if (extended) {
		squashfs_field(fields, 32); /* links */
		size = squashfs_field(fields, 32);
		inode->folder_block = (uint32_t)squashfs_field(fields, 32);
		squashfs_field(fields, 48); /* parent, index count */
		inode->folder_offset = (uint32_t)squashfs_field(fields, 16);
		inode->attributes = (uint32_t)squashfs_field(fields, 32);
	} else {
		inode->folder_block = (uint32_t)squashfs_field(fields, 32);
		squashfs_field(fields, 32); /* links */
		size = squashfs_field(fields, 16);
		inode->folder_offset = (uint32_t)squashfs_field(fields, 16);
	}
	inode->listing = size > 3 ? size - 3 : 0; /* "." and ".." are counted in it */
}

static void
read_file(const struct squashfs *fs, struct squashfs_fields *fields, struct squashfs_inode *inode,
    bool extended)
{
	struct squashfs_file *file = &inode->file;

	file->start = squashfs_field(fields, extended ? 64 : 32);
	if (extended) {
		file->size = squashfs_field(fields, 64);
		squashfs_field(fields, 64); /* sparse bytes */
		squashfs_field(fields, 32); /* links */
	}
	file->fragment = (uint32_t)squashfs_field(fields, 32);
	file->fragment_offset = (uint32_t)squashfs_field(fields, 32);
	if (extended)
		inode->attributes = (uint32_t)squashfs_field(fields, 32);
	else
		file->size = squashfs_field(fields, 32);
	squashfs_inode_read_blocks(fs, fields, file);
}

static void
read_device(struct squashfs_fields *fields, struct squashfs_inode *inode)
{
	uint32_t number = (uint32_t)squashfs_field(fields, 32);

	inode->entry.major = number >> 8 & 0xfff;
	inode->entry.minor = (number & 0xff) | (number >> 12 & 0xfff00);
}

void
squashfs_inode_read_blocks(
    const struct squashfs *fs, struct squashfs_fields *fields, struct squashfs_file *file)
{
	const size_t size = fs->super.major == 1 ? 2 : 4;
	uint64_t blocks = file->size >> fs->super.block_log;

	if (file->fragment == SQUASHFS_NO_FRAGMENT && file->size % fs->super.block_size != 0)
		blocks++;
	if (blocks > SIZE_MAX / size) {
		fields->overrun = true;
		return;
	}
	file->block_count = (size_t)blocks;
	file->blocks = squashfs_field_bytes(fields, file->block_count * size);
}

/* What follows the header of an inode of version 4. */
static void
read_body(const struct squashfs *fs, struct squashfs_fields *fields, struct squashfs_inode *inode,
    bool extended)
{
	switch (inode->type) {
	case SQUASHFS_FOLDER:
		read_folder(fields, inode, extended);
		return;
	case SQUASHFS_FILE:
		read_file(fs, fields, inode, extended);
		return;
	case SQUASHFS_LINK:
		squashfs_field(fields, 32); /* links */
		inode->entry.target =
		    squashfs_field_bytes(fields, (size_t)squashfs_field(fields, 32));
		break;
	case SQUASHFS_BLOCK_DEVICE:
	case SQUASHFS_CHARACTER_DEVICE:
		squashfs_field(fields, 32); /* links */
		read_device(fields, inode);
		break;
	default:
		squashfs_field(fields, 32); /* links */
	}
	if (extended)
		inode->attributes = (uint32_t)squashfs_field(fields, 32);
}

static bool
read_version_4(
    const struct squashfs *fs, struct squashfs_fields *fields, struct squashfs_inode *inode)
{
	unsigned type = (unsigned)squashfs_field(fields, 16);
	bool extended = type > EXTENDED;
	uint64_t user, group;

	if (type == 0 || type > SQUASHFS_SOCKET + EXTENDED)
		return false;
	inode->type = extended ? type - EXTENDED : type;
	inode->entry.mode = (uint32_t)squashfs_field(fields, 16);
	user = squashfs_field(fields, 16);
	group = squashfs_field(fields, 16);
	squashfs_field(fields, 64); /* time, number */
	if (user >= fs->super.ids || group >= fs->super.ids)
		return false;
	inode->entry.uid = fs->ids[user];
	inode->entry.gid = fs->ids[group];
	read_body(fs, fields, inode, extended);
	return true;
}

bool
squashfs_inode_read(
    const struct squashfs *fs, uint64_t block, uint64_t offset, struct squashfs_inode *inode)
{
	static const enum node_type types[] = {NODE_FILE, NODE_FOLDER, NODE_FILE, NODE_LINK,
	    NODE_DEVICE, NODE_DEVICE, NODE_FIFO, NODE_SOCKET};
	struct squashfs_fields fields = {
	    .rest = squashfs_table_from(&fs->inodes, block, offset), .big = fs->super.big};
	bool good;

	if (fields.rest.size == 0)
		return false;
	*inode = (struct squashfs_inode){
	    .place = (size_t)(fields.rest.at - fs->inodes.bytes.at),
	    .attributes = SQUASHFS_NO_ATTRIBUTES,
	    .file.fragment = SQUASHFS_NO_FRAGMENT,
	};
	good = fs->super.major == 4 ? read_version_4(fs, &fields, inode)
				    : squashfs_inode_legacy_read(fs, &fields, inode);
	if (!good || fields.overrun)
		return false;
	inode->entry.type = types[inode->type];
	inode->entry.is_block = inode->type == SQUASHFS_BLOCK_DEVICE;
	return true;
}
