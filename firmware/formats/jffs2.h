/*
 * JFFS2: a log of nodes, each of them a name or a piece of a file.
 */
#ifndef FIRMWARE_FORMATS_JFFS2_H
#define FIRMWARE_FORMATS_JFFS2_H

#include "firmware/unpack.h"

#define JFFS2_HEADER ((size_t)12)
#define JFFS2_INODE_BYTES ((size_t)68)
#define JFFS2_NAME_BYTES ((size_t)40)
#define JFFS2_LARGEST_BLOCK ((uint32_t)64 << 10) /* a page of the machine that wrote it */

enum jffs2_type {
	JFFS2_NAME = 0xe001,
	JFFS2_INODE = 0xe002,
	JFFS2_CLEAN_MARKER = 0x2003,
	JFFS2_PADDING = 0x2004,
	JFFS2_SUMMARY = 0x2006,
	JFFS2_ATTRIBUTE = 0xe008,
	JFFS2_REFERENCE = 0xe009,
	JFFS2_ACCURATE = 0x2000, /* cleared when the node is obsolete */
};

enum jffs2_codec {
	JFFS2_ZERO = 1,
};

/* A node whose header is good. */
struct jffs2_node {
	bool big;
	uint16_t type;
	uint32_t bytes;
	struct span whole; /* empty when it reaches beyond the end */
};

/* A piece of a file, or what is known of another inode. */
struct jffs2_piece {
	uint32_t inode, version, mode, uid, gid, size, offset, bytes;
	uint8_t codec;
	bool good; /* checksum of the data */
	struct span data;
};

struct jffs2_name {
	uint32_t parent, version, inode;
	struct span text;
};

struct jffs2_attribute {
	uint32_t number, version;
	uint8_t prefix;
	struct span name, value;
};

struct jffs2_reference {
	uint32_t inode, number, version;
};

struct jffs2 {
	struct job *job;
	struct unpack *unpack;
	struct node *container;
	struct span image;
	bool big;
	struct jffs2_piece *pieces; /* by inode, then version */
	struct jffs2_name *names;   /* by folder, name, the newest first */
	struct jffs2_attribute *attributes;
	struct jffs2_reference *references;
	size_t piece_count, name_count, attribute_count, reference_count;
	uint8_t *entered; /* folders: a bit for each piece */
	unsigned depth;
};

bool jffs2_read_node(struct span image, uint64_t at, bool big, struct jffs2_node *node);

/* The next node at or after `*at`; `*lost` are bytes on the way that are neither erased nor a node.
 */
bool jffs2_next_node(
    struct span image, bool big, uint64_t *at, struct jffs2_node *node, uint64_t *lost);

/* CRC-32 as JFFS2 writes it: from zero, and not inverted. */
uint32_t jffs2_crc(struct span bytes);

uint32_t jffs2_u32(struct reader *reader, bool big);
uint16_t jffs2_u16(struct reader *reader, bool big);

/* Reads all nodes into sorted tables; what is damaged is told. */
enum status jffs2_collect(struct jffs2 *fs);

/* The pieces of one inode, [*from, *to), the last of them the newest. */
void jffs2_pieces_of(const struct jffs2 *fs, uint32_t inode, size_t *from, size_t *to);

/*
 * Puts the pieces [from, to) together to `size` bytes in the job's arena;
 * `*why` tells why that cannot be.
 */
void jffs2_read(struct jffs2 *fs, size_t from, size_t to, uint32_t size, struct span *content,
    const char **why);

enum status jffs2_walk(struct jffs2 *fs);

#endif
