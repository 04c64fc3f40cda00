/*
 * From an image to a tree and to facts: search, measure, extract, look inside.
 *
 * A layer is searched for magics once; measure() is asked from the first byte
 * on, and the outermost claim is kept.  Bytes nobody claimed become a gap, or
 * padding where they are constant.  Each file is hashed, offered to those who
 * want it, looked into, and let go.
 */
#ifndef FIRMWARE_UNPACK_H
#define FIRMWARE_UNPACK_H

#include "base/digest.h"
#include "facts/evidence.h"
#include "firmware/collector.h"
#include "firmware/format.h"
#include "firmware/pool.h"
#include "firmware/tree.h"

#define UNPACK_MAX_DEPTH 16u
/* Work lost on what only looked like a thing: a cheap attempt counts 1, a costly one more. */
#define UNPACK_MAX_FALSE_STARTS 65536u
#define UNPACK_COSTLY_START 64u
#define UNPACK_FALSE_BYTES_BASE ((uint64_t)2 << 30)
#define UNPACK_FALSE_BYTES_RATIO 16u
#define UNPACK_MAX_DAMAGES 1000u
/* What stands outside a thing and is hashed to compare: many things may vouch for the same bytes.
 */
#define UNPACK_COMPARE_BASE ((uint64_t)256 << 20)
#define UNPACK_COMPARE_RATIO ((uint64_t)16)
/* All that may be unpacked from an image: a fixed part, and so many times its size. */
#define UNPACK_OUTPUT_BASE ((uint64_t)256 << 20)
#define UNPACK_OUTPUT_RATIO ((uint64_t)64)

/* Where the parser is, for whoever finds it dead; lies in a page shared with it. */
struct progress {
	uint32_t format; /* index in firmware_formats, plus one; 0: none */
	uint64_t offset; /* in the image, or in the layer when that was decompressed */
};

struct unpack_options {
	size_t memory;    /* bytes */
	unsigned helpers; /* threads beside the caller */
	bool collect;     /* offer files to the collectors */
	const char *const *candidates;
	size_t candidate_count;
	const struct key_file *trusted; /* keys somebody gave to verify updates with */
	size_t trusted_count;
	int64_t (*milliseconds)(void);      /* of a steady clock; may be NULL */
	struct evidence *evidence;          /* facts; the source is set here */
	volatile struct progress *progress; /* may be NULL */
	/* Each regular file, where its bytes are wanted; may be NULL. */
	enum status (*content)(
	    void *context, struct job *job, const struct node *node, struct span content);
	void *context;
};

struct unpack;

/* Compiles the magics and starts the threads: before the sandbox. NULL with the reason. */
struct unpack *unpack_new(struct job *job, const struct unpack_options *options);
void unpack_free(struct unpack *unpack);

/*
 * Walks the image and sends facts of kind region and file, and what the
 * collectors find.  The tree lives in the job of unpack_new; `tree->complete`
 * tells whether every layer was walked to its end.  May be called again, for
 * another image, when that tree is no longer needed.
 *
 * STATUS_MALFORMED  nothing was recognised, or a trusted file holds no key
 * STATUS_IO         the evidence could not be handed on
 */
enum status unpack_run(struct unpack *unpack, struct span image, const struct tree **tree);

/* For formats. */

/* Adds what is not a regular file.  `*node` is NULL, and a finding recorded, when its name is
 * refused. */
enum status unpack_entry(
    struct unpack *unpack, struct node *parent, const struct entry *entry, struct node **node);

/* Adds a regular file; `digest` may be NULL.  `content` is not kept. */
enum status unpack_file(struct unpack *unpack, struct node *parent, const struct entry *entry,
    struct span content, const struct digest *digest);

/* A named part of a container that knows no modes, as a file. */
enum status unpack_part(
    struct unpack *unpack, struct node *container, const char *name, struct span content);

/* Adds the file "data", the content of a stream. */
enum status unpack_stream(struct unpack *unpack, struct node *container, struct span content);

/* Something of this format is expected at this offset of the content; NULL: of any that has its
 * magic there. */
struct hint {
	uint64_t offset;
	const char *format;
};

/* Searches the bytes of a wrapper from `from` on; those of which nothing is known become the file
 * "data". */
enum status unpack_search(struct unpack *unpack, struct node *container, struct span content,
    uint64_t from, const struct hint *hints, size_t hint_count);

/*
 * Searches [from, to) of a wrapper; nothing found there may reach beyond.
 * Where nothing is, the bytes become the file `name`, unless they are empty
 * flash or `name` is NULL, and stay a gap.
 */
enum status unpack_search_part(struct unpack *unpack, struct node *container, struct span content,
    uint64_t from, uint64_t to, const char *name);

/* A part of `node` that cannot be read: a finding, and the tree is incomplete. */
enum status unpack_damage(struct unpack *unpack, const struct node *node, uint64_t offset,
    uint64_t bytes, enum coverage coverage, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/*
 * Takes so many bytes off what may be unpacked, before they are: the file made of them costs
 * nothing more, and work that comes to nothing is paid for too.  STATUS_LIMIT when there is not so
 * much left.
 */
enum status unpack_allow(struct unpack *unpack, struct job *job, uint64_t bytes);

/* So many bytes, for which unpack_allow was not asked, were put together for nothing: they count as
 * well. */
void unpack_waste(struct unpack *unpack, uint64_t bytes);

/* The most bytes one more file may have. */
size_t unpack_room(const struct unpack *unpack);

struct pool *unpack_pool(struct unpack *unpack);
struct tree *unpack_tree(struct unpack *unpack);
struct job *unpack_tree_job(struct unpack *unpack);

#endif
