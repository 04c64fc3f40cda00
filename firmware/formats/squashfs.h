/*
 * Parts of the SquashFS reader: superblocks of four versions, the codec, tables
 * of metadata, inodes, the walk over folders, and the data of files, which
 * threads decompress ahead of their reader.
 */
#ifndef FIRMWARE_FORMATS_SQUASHFS_H
#define FIRMWARE_FORMATS_SQUASHFS_H

#include "firmware/unpack.h"

#define SQUASHFS_NONE UINT64_MAX /* a table that is not there */
#define SQUASHFS_NO_FRAGMENT UINT32_MAX
#define SQUASHFS_NO_ATTRIBUTES UINT32_MAX
#define SQUASHFS_METADATA ((size_t)8192) /* bytes of a block of metadata, unpacked */

/* All that the superblocks of versions 1 to 4 say. */
struct squashfs_super {
	bool big;         /* big-endian */
	bool big_headers; /* of blocks of metadata: AVM leaves them little-endian */
	bool marked;      /* a byte 0xff stands before each block of metadata */
	unsigned major, minor, block_log, flags;
	unsigned compression; /* version 4 alone says it; 0 before */
	uint32_t inodes, block_size, fragments;
	uint32_t ids, gids; /* before version 4, owners and groups have a table each */
	uint64_t root, bytes, id_table, gid_table, attribute_table, inode_table, folder_table,
	    fragment_table, export_table;
	size_t size; /* of the superblock itself */
};

/*
 * Fields of any number of bits, one behind the other: before version 4 they
 * are what a compiler for that byte order made of C bit fields.
 */
struct squashfs_fields {
	struct span rest; /* from the byte in which the next bit lies */
	unsigned bit;     /* of that byte, from its beginning */
	bool big;
	bool overrun;
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
	struct span blocks; /* their sizes, in the inode table */
	size_t block_count;
};

enum squashfs_type {
	SQUASHFS_FOLDER = 1,
	SQUASHFS_FILE,
	SQUASHFS_LINK,
	SQUASHFS_BLOCK_DEVICE,
	SQUASHFS_CHARACTER_DEVICE,
	SQUASHFS_FIFO,
	SQUASHFS_SOCKET,
};

struct squashfs_inode {
	struct entry entry;
	enum squashfs_type type;
	size_t place;        /* in the inode table */
	uint32_t attributes; /* index, or SQUASHFS_NO_ATTRIBUTES */
	/* of a folder */
	uint32_t folder_block, folder_offset;
	uint64_t listing; /* bytes of its entries */
	struct squashfs_file file;
};

/* Extended attributes that inodes share. */
struct squashfs_attributes {
	struct squashfs_table table;
	struct span ids; /* an index into it each */
	size_t count;
	struct squashfs_attribute_set *sets; /* those read so far */
};

struct squashfs_window; /* files whose blocks are being decompressed */

struct squashfs {
	struct job *job;
	struct unpack *unpack;
	struct span image;
	struct squashfs_super super;
	const struct codec *codec; /* NULL until a packed block has told which it is */
	unsigned tries;            /* blocks that did not tell */
	struct squashfs_table inodes, folders;
	uint32_t *ids, *gids;
	struct squashfs_fragment *fragments;
	struct squashfs_attributes attributes;
	uint8_t *seen; /* a bit for each byte of the inode table where an inode may begin */
	uint64_t seen_count;
	struct squashfs_window *window;
};

/* The next `bits` (at most 64) of the fields. */
uint64_t squashfs_field(struct squashfs_fields *fields, unsigned bits);
/* The next whole bytes of the fields. */
struct span squashfs_field_bytes(struct squashfs_fields *fields, size_t size);

/* Reads a superblock of any version and byte order; false when there is none that makes sense. */
bool squashfs_super_read(struct span at, struct squashfs_super *super);
/* Where the folder table ends: where the next thing behind it begins. */
uint64_t squashfs_super_end_of_folders(const struct squashfs_super *super, struct span image);

/* The codec a version 4 superblock names; NULL when none is known by that number. */
const struct codec *squashfs_codec_named(const struct squashfs_super *super);
/*
 * Finds the codec that unpacks the first packed block of metadata.  NULL in
 * `*codec` when there is no such block; false when there is one and none of
 * the codecs known unpacks it.
 */
bool squashfs_codec_find(struct job *job, const struct squashfs_super *super, struct span image,
    const struct codec **codec);
/* The codec that makes of `in` a block of `room` bytes, or at most so many when not `exact`. */
const struct codec *squashfs_codec_try(
    struct span in, uint8_t *out, size_t room, bool exact, bool is_metadata);
/* The codec of one block of the file system; NULL when it is not known. */
const struct codec *squashfs_codec_of(const struct squashfs *fs, struct span in);

/* Takes one metadata block off the reader; false at its end or at nonsense. */
bool squashfs_table_next(
    const struct squashfs_super *super, struct reader *reader, struct span *in, bool *stored);
/* Reads all metadata blocks of [start, end). Damaged blocks stay out; `*whole` tells. */
enum status squashfs_table_read(
    struct squashfs *fs, uint64_t start, uint64_t end, struct squashfs_table *table, bool *whole);
/* What follows `offset` of the block that begins at `block`; empty when there is no such place. */
struct span squashfs_table_from(
    const struct squashfs_table *table, uint64_t block, uint64_t offset);
/* Reads a two-level table (ids, fragments) of `count` elements of `size` bytes. */
enum status squashfs_lookup_read(
    struct squashfs *fs, uint64_t at, size_t count, size_t size, struct span *bytes);

/* Reads the inode at a reference; false when there is none that makes sense. */
bool squashfs_inode_read(
    const struct squashfs *fs, uint64_t block, uint64_t offset, struct squashfs_inode *inode);
/* The part of squashfs_inode_read that reads inodes of versions 1 to 3. */
bool squashfs_inode_legacy_read(
    const struct squashfs *fs, struct squashfs_fields *fields, struct squashfs_inode *inode);
/* Finds how many sizes of blocks follow a file's inode. */
void squashfs_inode_read_blocks(
    const struct squashfs *fs, struct squashfs_fields *fields, struct squashfs_file *file);

/* Reads the tables of extended attributes, if there are any. */
enum status squashfs_attributes_open(struct squashfs *fs, struct node *container);
/* Gives an entry its extended attributes; false in `*good` when they are damaged. */
enum status squashfs_attributes_read(
    struct squashfs *fs, uint32_t index, struct entry *entry, bool *good);

enum status squashfs_walk(struct squashfs *fs, struct node *container);

/* The window, over which files go to unpack_file in the order they were given. */
enum status squashfs_window_open(struct squashfs *fs);
enum status squashfs_window_add(struct squashfs *fs, const struct squashfs_file *file);
enum status squashfs_window_flush(struct squashfs *fs);
/* Waits for all tasks and forgets the files. */
void squashfs_window_drop(struct squashfs *fs);

#endif
