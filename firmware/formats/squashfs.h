/*
 * Parts of the SquashFS 4 reader: tables of metadata, the walk over folders,
 * and the data of files, which threads decompress ahead of their reader.
 */
#ifndef FIRMWARE_FORMATS_SQUASHFS_H
#define FIRMWARE_FORMATS_SQUASHFS_H

#include "firmware/unpack.h"

#define SQUASHFS_NONE UINT64_MAX /* a table that is not there */
#define SQUASHFS_NO_FRAGMENT UINT32_MAX

struct squashfs_super {
	uint32_t inodes, block_size, fragments;
	uint16_t compression, block_log, flags, ids, major, minor;
	uint64_t root, bytes, id_table, xattr_table, inode_table, folder_table, fragment_table,
	    export_table;
};

/* Metadata blocks decompressed one after the other. */
struct squashfs_table {
	struct span bytes;
	uint64_t *starts; /* of each block, from the beginning of the table */
	size_t *places;   /* of each block in `bytes` */
	size_t count;
};

struct squashfs_fragment {
	uint64_t start;
	uint32_t size;  /* with the bit of stored blocks */
	uint8_t *bytes; /* decompressed, while the window holds it */
	struct task *task;
};

/* A regular file waiting in the window. */
struct squashfs_file {
	struct entry entry;
	struct node *folder;
	uint64_t start, size;
	uint32_t fragment, fragment_offset;
	struct span blocks; /* u32 sizes, in the inode table */
};

struct squashfs_window; /* files whose blocks are being decompressed */

struct squashfs {
	struct job *job;
	struct unpack *unpack;
	struct span image;
	struct squashfs_super super;
	const struct codec *codec;
	struct squashfs_table inodes, folders;
	uint32_t *ids;
	struct squashfs_fragment *fragments;
	uint8_t *visited; /* a bit for each byte of the inode table where a folder may begin */
	struct squashfs_window *window;
};

/* Reads all metadata blocks of [start, end). Damaged blocks stay out; `*whole` tells. */
enum status squashfs_table_read(
    struct squashfs *fs, uint64_t start, uint64_t end, struct squashfs_table *table, bool *whole);
/* What follows `offset` of the block that begins at `block`; empty when there is no such place. */
struct span squashfs_table_from(
    const struct squashfs_table *table, uint64_t block, uint64_t offset);
/* Reads a two-level table (ids, fragments) of `count` elements of `size` bytes. */
enum status squashfs_lookup_read(
    struct squashfs *fs, uint64_t at, size_t count, size_t size, struct span *bytes);

enum status squashfs_walk(struct squashfs *fs, struct node *container);

/* The window, over which files go to unpack_file in the order they were given. */
enum status squashfs_window_open(struct squashfs *fs);
enum status squashfs_window_add(struct squashfs *fs, const struct squashfs_file *file);
enum status squashfs_window_flush(struct squashfs *fs);
/* Waits for all tasks and forgets the files. */
void squashfs_window_drop(struct squashfs *fs);

#endif
