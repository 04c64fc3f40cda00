/*
 * An image unpacked in the test's own process, and the images to unpack.
 */
#ifndef TESTS_SUPPORT_UNPACKING_H
#define TESTS_SUPPORT_UNPACKING_H

#include "base/arena.h"
#include "base/span.h"
#include "firmware/unpack.h"

struct unpacking {
	struct job *job;
	struct unpack *unpack;
	struct evidence evidence;
	struct fact_list list;
	const struct tree *tree;
	enum status status;
	struct arena_mark start;
};

/* `memory` bytes for what is let go file by file, no collectors. */
struct unpacking *unpacking_new(size_t memory, unsigned helpers);
void unpacking_free(struct unpacking *unpacking);

/* Unpacks from a block of exactly this size; what the last run gave is gone. */
enum status unpacking_run(struct unpacking *unpacking, struct span image);

/* The digest of the file whose path ends in `tail`; NULL when there is none. */
const char *unpacking_digest(const struct unpacking *unpacking, const char *tail);
/* The region whose path is `path`, gaps left out; NULL when there is none. */
const struct fact *unpacking_region(const struct unpacking *unpacking, const char *path);
/* How many files, by the "SHA256  PATH" lines of `listing`, are missing; the first in the job's
 * reason. */
size_t unpacking_missing(const struct unpacking *unpacking, struct span listing);
/* How many regular files directly in `container` (no further container) there are. */
size_t unpacking_count(const struct unpacking *unpacking, const char *container);
/* Checks (digest, path) of `container` against a listing: all there, nothing else. */
void unpacking_assert_same(
    const struct unpacking *unpacking, const char *container, struct span listing);

/* A fixture by its name ("squashfs_gzip.img", "tree.files"), built at its first use; in `job`. */
struct span fixture_bytes(struct job *job, const char *name);

/* An image a recipe of fixtures/images made. */
struct sample {
	const char *image; /* "squashfs_gzip.img", "little/squashfs_gzip.img" */
	const char
	    *container; /* where its files lie; "-": somewhere; "~": in one of several things */
	const char *listing; /* "tree.files"; "-": it holds no tree */
};

/*
 * The samples whose name begins with `folder` ("little/"; "": those in no folder),
 * and of those the ones whose name contains `only` unless it is NULL.
 */
size_t fixture_samples(
    struct job *job, const char *folder, const char *only, struct sample samples[], size_t room);
#define MAX_SAMPLES 1024u
/* Takes the next field up to `separator` off `rest`, as a string in `job`. */
const char *tsv_field(struct job *job, struct span *rest, char separator);
/* Makes sure that build/fixtures/hostile is there. */
void fixture_hostile(void);
/* Updates signed by other tools, in build/fixtures/signatures: truth.tsv tells of them. */
void fixture_signatures(void);
/* A file of the corpus, or of truth/; empty when the corpus is not there. */
struct span corpus_bytes(struct job *job, const char *name);

#endif
