/*
 * The parts of the EROFS reader: erofs.c walks, erofs_inode.c reads inodes and
 * their attributes, erofs_data.c their content.
 */
#ifndef FIRMWARE_FORMATS_EROFS_H
#define FIRMWARE_FORMATS_EROFS_H

#include "firmware/unpack.h"

#define EROFS_MAX_ATTRIBUTES 64

enum {
	EROFS_ZERO_PADDED = 1,
	EROFS_COMPRESSION_SET = 2,
	EROFS_DEVICES = 8,
	EROFS_FRAGMENTS = 0x20,
	EROFS_KNOWN = 0x7f,
};

struct erofs_super {
	uint32_t checksum, compatible, incompatible, blocks, meta_block, attribute_block;
	uint8_t block_log, slots, folder_log;
	uint16_t root, algorithms, devices;
	uint64_t inodes, packed;
	struct span name;
};

enum erofs_layout {
	EROFS_PLAIN,
	EROFS_COMPRESSED,
	EROFS_INLINE,
	EROFS_COMPACT,
	EROFS_CHUNKS,
};

struct erofs_inode {
	uint64_t nid, size;
	enum erofs_layout layout;
	uint32_t mode, uid, gid;
	uint32_t place; /* a block, a device number or the form of chunks */
	uint16_t attributes;
	uint64_t end; /* in the image: behind the inode and its attributes */
	uint64_t attributes_at;
};

struct erofs {
	struct job *job;
	struct unpack *unpack;
	struct span image;
	struct erofs_super super;
	size_t block;       /* bytes */
	struct span packed; /* what small ends of files were put together in */
	uint8_t *visited;   /* a bit for each folder */
	unsigned depth;
};

bool erofs_read_inode(const struct erofs *fs, uint64_t nid, struct erofs_inode *inode);

/* Reads attributes into `attributes`, names in the job's arena; false when some are damaged. */
bool erofs_read_attributes(const struct erofs *fs, const struct erofs_inode *inode,
    struct attribute attributes[EROFS_MAX_ATTRIBUTES], size_t *count);

/*
 * The content of a file, folder or link: borrowed from the image, or in the
 * job's arena.
 *
 * STATUS_MALFORMED    damaged
 * STATUS_UNAVAILABLE  packed in a way that is not read
 * STATUS_LIMIT        out of budget
 */
enum status erofs_read_content(
    const struct erofs *fs, const struct erofs_inode *inode, struct span *content);

/* The same of one that is compressed; erofs_compressed.c. */
enum status erofs_read_compressed(
    const struct erofs *fs, const struct erofs_inode *inode, uint8_t *out);

#endif
