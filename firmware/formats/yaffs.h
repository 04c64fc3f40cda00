/*
 * YAFFS: chunks of a page each, and tags in the spare area of the page that say whose they are.
 */
#ifndef FIRMWARE_FORMATS_YAFFS_H
#define FIRMWARE_FORMATS_YAFFS_H

#include "firmware/unpack.h"

#define YAFFS_MAX_OBJECT 0x3ffffu

enum yaffs_type {
	YAFFS_FILE = 1,
	YAFFS_LINK,
	YAFFS_FOLDER,
	YAFFS_HARD_LINK,
	YAFFS_SPECIAL,
};

enum {
	YAFFS_ROOT = 1,
	YAFFS_LOST_FOUND = 2,
	YAFFS_UNLINKED = 3,
	YAFFS_DELETED = 4,
	YAFFS_FIRST_SEQUENCE = 0x1000, /* what tools that make images write */
};

/* How chunks and tags lie in the image. */
struct yaffs_layout {
	bool big, first_version;
	uint32_t chunk, spare; /* bytes; no spare: the tags are the last bytes of the chunk */
	uint32_t tags_at;      /* from the beginning of the page */
};

struct yaffs_tags {
	uint32_t sequence, object, chunk; /* chunk 0 is the object's header */
	uint32_t bytes;
};

enum yaffs_state {
	YAFFS_ERASED,
	YAFFS_USED,
	YAFFS_IGNORED, /* deleted, or no part of the tree */
	YAFFS_BROKEN,
};

struct yaffs_header {
	uint32_t type, parent, mode, uid, gid, target, device;
	uint64_t bytes;
	bool shrinks;
	struct span name, alias;
};

/* One chunk in use; sorted by object, the newest first. */
struct yaffs_chunk {
	struct yaffs_tags tags;
	uint64_t at;
};

struct yaffs_object {
	uint32_t number;
	size_t from, to; /* its chunks */
	uint64_t bytes;  /* of a file */
	bool named, seen;
	struct yaffs_header header; /* the newest, when named */
};

struct yaffs {
	struct job *job;
	struct unpack *unpack;
	struct node *container;
	struct span image;
	struct yaffs_layout layout;
	struct yaffs_chunk *chunks;
	struct yaffs_object *objects;   /* by number */
	struct yaffs_object **children; /* by parent, number */
	size_t chunk_count, object_count, child_count;
	unsigned depth;
};

uint64_t yaffs_stride(const struct yaffs_layout *layout);

/* Reads the header that begins at `at`; false when it is none. */
bool yaffs_read_header(struct span at, bool big, struct yaffs_header *header);

/* What the page at `at` is. */
enum yaffs_state yaffs_read_tags(
    const struct yaffs_layout *layout, struct span page, struct yaffs_tags *tags);

/* Finds the layout of an image that begins with a header; false when there is none. */
bool yaffs_find_layout(struct span at, struct yaffs_layout *layout);

/* Reads all tags and headers into sorted tables; what is damaged is told. */
enum status yaffs_collect(struct yaffs *fs);

/* NULL when there is none. */
struct yaffs_object *yaffs_find(const struct yaffs *fs, uint32_t number);

enum status yaffs_walk(struct yaffs *fs);

#endif
