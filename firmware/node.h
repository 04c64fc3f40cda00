/*
 * The tree of one image: what formats put in and collectors read.
 *
 * Never on disk.  Paths are relative, "/"-separated, start with the container
 * components ("0.trx/c1a80.squashfs/etc/passwd") and are cleaned in one place:
 * tree.c refuses names that are empty, ".", "..", or hold "/" or NUL.
 */
#ifndef FIRMWARE_NODE_H
#define FIRMWARE_NODE_H

#include "base/job.h"
#include "base/span.h"

enum node_type {
	NODE_FILE,
	NODE_FOLDER,
	NODE_LINK,
	NODE_DEVICE,
	NODE_FIFO,
	NODE_SOCKET,
	NODE_CONTAINER
};

struct node {
	const char *name;  /* UTF-8, escaped as text_from_bytes does */
	const char *path;  /* full path in the image, containers included */
	const char *local; /* path within the innermost file system: "/etc/passwd" */
	enum node_type type;
	uint32_t mode; /* permission bits, setuid and sticky included */
	uint32_t uid, gid;
	uint64_t bytes;          /* size of a regular file */
	const char *link_target; /* of a NODE_LINK */
	uint32_t major, minor;   /* of a NODE_DEVICE */
	bool is_block;
	struct node *parent, *child, *last_child, *next;
};

enum coverage {
	COVERAGE_READ,
	COVERAGE_GAP,
	COVERAGE_PADDING,
	COVERAGE_ENCRYPTED,
	COVERAGE_DAMAGED,
	COVERAGE_UNSUPPORTED
};

/* One extent of the image or of a stream inside it. */
struct region {
	const char *path;   /* "0.uimage/40.cramfs"; of a gap: the path of its parent */
	const char *parent; /* "" for the image itself */
	uint64_t offset;    /* within the parent's bytes */
	uint64_t bytes;
	const char *format; /* format name; "" for a gap */
	const char *detail; /* one line; for uimage/trx the checksum verdict is here too */
	enum coverage coverage;
	uint32_t entropy_millibits; /* of a gap */
	struct span
	    content; /* the bytes themselves while collectors run: may be empty for streams */
};

struct tree {
	struct node *root;
	struct region *regions; /* in order of discovery */
	size_t region_count;
	uint64_t image_bytes;
	uint64_t unread_bytes; /* gap, encrypted, damaged, unsupported; not padding */
	bool complete;         /* every layer was walked to its end */
	const char *incomplete_reason;
};

#endif
