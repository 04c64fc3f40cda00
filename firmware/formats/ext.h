/*
 * The parts of ext: its superblock, its inodes through libext2fs, its folders.
 */
#ifndef FIRMWARE_FORMATS_EXT_H
#define FIRMWARE_FORMATS_EXT_H

#include "firmware/unpack.h"

#define EXT_ROOT_INODE 2u
#define EXT_FILE_TYPE 0x2u /* an incompatible feature: records of folders say what they name */

enum ext_inode_flags {
	EXT_INODE_ENCRYPTED = 0x800,
};

struct ext_super {
	uint64_t blocks, groups;
	uint32_t inodes, first_block, log_block, log_cluster, blocks_per_group;
	uint32_t clusters_per_group, inodes_per_group, free_inodes, revision;
	uint32_t compatible, incompatible, read_only_compatible;
	uint16_t state, group, inode_size, descriptor_size;
	struct span uuid, label, mounted_on;
	uint64_t block_size, bytes;
};

struct ext_inode {
	uint32_t number, mode, uid, gid, flags, links;
	uint64_t size;
	uint32_t major, minor;
	bool is_inline; /* content lies in the inode itself */
};

struct ext_volume;

/*
 * Opens what the superblock describes; nothing outside `image` is ever touched.
 *
 * STATUS_MALFORMED  libext2fs refuses it
 */
enum status ext_open(
    struct job *job, struct span image, const struct ext_super *super, struct ext_volume **volume);
void ext_close(struct ext_volume *volume);

/* More metadata may be read: so much belongs to one entry of a folder. */
void ext_grant_entry(struct ext_volume *volume);

/* These return NULL, or why it cannot be read. */
const char *ext_check_groups(struct ext_volume *volume);
const char *ext_read_inode(struct ext_volume *volume, uint32_t number, struct ext_inode *inode);
/* The content of a file, folder or link: borrowed where it lies in one piece, else put together in
 * the job's arena, if it is of at most `room` bytes. */
const char *ext_read_content(struct job *job, struct ext_volume *volume,
    const struct ext_inode *inode, size_t room, struct span *content);
const char *ext_read_attributes(struct job *job, struct ext_volume *volume, uint32_t number,
    const struct attribute **attributes, size_t *count);
/* Is this block of the folder's content as its checksum says? */
bool ext_folder_block_is_good(struct ext_volume *volume, uint32_t folder, uint8_t *block);

/* Adds all below the root folder. */
enum status ext_walk(struct job *job, struct unpack *unpack, struct node *container,
    struct ext_volume *volume, const struct ext_super *super, struct span image);

#endif
