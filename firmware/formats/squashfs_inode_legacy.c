/* Before version 4 an inode is packed to the bit, and the types of version 1 carry part of the
 * owner. */
#include "firmware/formats/squashfs.h"

#define EXTENDED_FOLDER 8
#define EXTENDED_FILE 9
#define OWNERS_A_TYPE 16 /* version 1 */
#define TYPES 5          /* version 1: pipes and sockets have type 0 */
#define GROUP_IS_OWNER_1 15
#define GROUP_IS_OWNER 255

/* Version 1 has four bits for the owner's index and puts the rest into the type. */
static unsigned
read_type_1(struct squashfs_fields *fields, unsigned type, uint64_t *user)
{
	if (type != 0) {
		*user += (uint64_t)((type - 1) / TYPES) * OWNERS_A_TYPE;
		return (type - 1) % TYPES + 1;
	}
	type = (unsigned)squashfs_field(fields, 4);
	*user += squashfs_field(fields, 4) * OWNERS_A_TYPE;
	return type == SQUASHFS_SOCKET ? SQUASHFS_SOCKET : SQUASHFS_FIFO;
}

/* The header; false when owner or group is not in its table. */
static bool
read_header(const struct squashfs *fs, struct squashfs_fields *fields, struct squashfs_inode *inode,
    unsigned *type)
{
	const bool first = fs->super.major == 1;
	uint64_t user, group;

	*type = (unsigned)squashfs_field(fields, 4);
	inode->entry.mode = (uint32_t)squashfs_field(fields, 12);
	user = squashfs_field(fields, first ? 4 : 8);
	group = squashfs_field(fields, first ? 4 : 8);
	if (first)
		*type = read_type_1(fields, *type, &user);
	if (fs->super.major == 3)
		squashfs_field(fields, 64); /* time, number */
	if (user >= fs->super.ids)
		return false;
	inode->entry.uid = inode->entry.gid = fs->ids[user];
	if (group == (first ? GROUP_IS_OWNER_1 : GROUP_IS_OWNER))
		return true;
	if (group >= fs->super.gids)
		return false;
	inode->entry.gid = fs->gids[group];
	return true;
}

static void
read_folder(
    unsigned major, struct squashfs_fields *fields, struct squashfs_inode *inode, bool extended)
{
	uint64_t size;

	if (major == 3)
		squashfs_field(fields, 32); /* links */
	size = squashfs_field(fields, extended ? 27 : 19);
	inode->folder_offset = (uint32_t)squashfs_field(fields, 13);
	if (major < 3)
		squashfs_field(fields, 32); /* time */
	inode->folder_block = (uint32_t)squashfs_field(fields, major == 3 ? 32 : 24);
	inode->listing = size;
	if (major == 3)
		inode->listing = size > 3 ? size - 3 : 0;
}

static void
read_file(const struct squashfs *fs, struct squashfs_fields *fields, struct squashfs_inode *inode,
    bool extended)
{
	struct squashfs_file *file = &inode->file;
	const unsigned major = fs->super.major;

	if (major < 3 || extended)
		squashfs_field(fields, 32); /* time, or links */
	file->start = squashfs_field(fields, major == 3 ? 64 : 32);
	if (major > 1) {
		file->fragment = (uint32_t)squashfs_field(fields, 32);
		file->fragment_offset = (uint32_t)squashfs_field(fields, 32);
	}
	file->size = squashfs_field(fields, extended ? 64 : 32);
	squashfs_inode_read_blocks(fs, fields, file);
}

/* What follows the header of all the others. */
static void
read_body(unsigned major, struct squashfs_fields *fields, struct squashfs_inode *inode)
{
	uint64_t number;

	if (major == 3)
		squashfs_field(fields, 32); /* links */
	if (inode->type >= SQUASHFS_FIFO)
		return;
	number = squashfs_field(fields, 16);
	if (inode->type == SQUASHFS_LINK) {
		inode->entry.target = squashfs_field_bytes(fields, (size_t)number);
		return;
	}
	inode->entry.major = (uint32_t)number >> 8;
	inode->entry.minor = (uint32_t)number & 0xff;
}

bool
squashfs_inode_legacy_read(
    const struct squashfs *fs, struct squashfs_fields *fields, struct squashfs_inode *inode)
{
	const unsigned major = fs->super.major;
	unsigned type;

	if (!read_header(fs, fields, inode, &type))
		return false;
	if (type == SQUASHFS_FOLDER || (type == EXTENDED_FOLDER && major > 1)) {
		inode->type = SQUASHFS_FOLDER;
		read_folder(major, fields, inode, type == EXTENDED_FOLDER);
	} else if (type == SQUASHFS_FILE || (type == EXTENDED_FILE && major == 3)) {
		inode->type = SQUASHFS_FILE;
		read_file(fs, fields, inode, type == EXTENDED_FILE);
	} else if (type > SQUASHFS_FILE && type <= SQUASHFS_SOCKET) {
		inode->type = type;
		read_body(major, fields, inode);
	} else {
		return false;
	}
	return true;
}
