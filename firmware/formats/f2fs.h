/*
 * The parts of the F2FS reader: f2fs.c reads superblock and folders,
 * f2fs_node.c finds nodes, f2fs_data.c reads content and attributes.
 */
#ifndef FIRMWARE_FORMATS_F2FS_H
#define FIRMWARE_FORMATS_F2FS_H

#include "firmware/unpack.h"

#define F2FS_BLOCK ((size_t)4096)
#define F2FS_FOOTER_AT 4072
#define F2FS_ADDRESSES_AT 360 /* in an inode */
#define F2FS_IN_INODE 923     /* addresses, before anything else takes their room */
#define F2FS_IN_NODE 1018
#define F2FS_MAX_ATTRIBUTES 64

enum {
	F2FS_FLEXIBLE_ATTRIBUTES = 0x40,
	F2FS_WITH_CHECKSUM = 0x800,
	F2FS_KNOWN = 0x7fff,
};

struct f2fs_super {
	uint32_t log_segment, cp, nat, main, root, payload, features, checksum_offset;
	uint64_t blocks;
	bool other_devices;
	struct span label; /* UTF-16 */
};

struct f2fs_checkpoint {
	struct span block;
	uint64_t at, version; /* `at`: the block it begins in */
	uint32_t flags, total, summaries, sit_bitmap, nat_bitmap, checksum_offset;
};

struct f2fs_inode {
	uint32_t number, mode, uid, gid, flags, attributes_node;
	uint8_t advice, inline_flags;
	uint64_t size;
	struct span node;                  /* its block */
	unsigned extra, inline_attributes; /* words that are no addresses, before and behind */
};

struct f2fs {
	struct job *job;
	struct unpack *unpack;
	struct span image;
	struct f2fs_super super;
	struct f2fs_checkpoint checkpoint;
	struct span nat_bitmap;
	struct span journal; /* changes to the table of nodes not yet in it */
	uint8_t *visited;    /* a bit for each folder */
	uint32_t node_count; /* all there can be */
	unsigned depth;
	bool one_checkpoint; /* the other is damaged, and may have been the newer */
};

/* A block of the image; empty when it is not there. */
struct span f2fs_block(const struct f2fs *fs, uint64_t number);

/* CRC-32 as F2FS begins it. */
uint32_t f2fs_checksum(struct span bytes);

/* Takes the newer good checkpoint and what finding nodes needs of it; false when none is good. */
bool f2fs_read_checkpoint(struct f2fs *fs);

/* The block of a node, its footer agreeing; empty when there is none. */
struct span f2fs_node(const struct f2fs *fs, uint32_t number);

bool f2fs_read_inode(const struct f2fs *fs, uint32_t number, struct f2fs_inode *inode);

/* Where content that stands in the inode itself does, as much as there may be. */
struct span f2fs_inline_data(const struct f2fs_inode *inode);

/*
 * The content of a file, folder or link: borrowed from the image, or in the
 * job's arena.
 *
 * STATUS_MALFORMED    damaged
 * STATUS_UNAVAILABLE  compressed
 * STATUS_LIMIT        out of budget
 */
enum status f2fs_read_content(
    const struct f2fs *fs, const struct f2fs_inode *inode, struct span *content);

bool f2fs_read_attributes(const struct f2fs *fs, const struct f2fs_inode *inode,
    struct attribute attributes[F2FS_MAX_ATTRIBUTES], size_t *count);

#endif
