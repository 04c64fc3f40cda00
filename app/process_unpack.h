/*
 * The unpacker: a sandboxed process that turns an image into facts.
 */
#ifndef APP_PROCESS_UNPACK_H
#define APP_PROCESS_UNPACK_H

#include "facts/evidence.h"
#include "firmware/key_ring.h"

enum unpack_mode { UNPACK_FACTS, UNPACK_TREE, UNPACK_LIST, UNPACK_FILES };

struct unpack_request {
	struct span image;     /* mapped or read by the supervisor */
	enum unpack_mode mode; /* FACTS: all facts; TREE: regions only; LIST: digest and path lines;
				  FILES: contents too */
	size_t memory;         /* budget of the worker in bytes; 0 = 1 GiB */
	unsigned cpu_seconds;  /* 0 = 600 */
	int64_t max_unread_bytes; /* above it every collector is incomplete */
	bool no_sandbox;          /* recorded in the case by the caller */
	bool mask_landlock;       /* tests */
	/* UNPACK_FILES: where content goes, below an opened folder; -1 otherwise. */
	int folder;
	/* UNPACK_LIST: called once for each line "SHA256  PATH", already sorted bytewise by path.
	 */
	void (*line)(void *context, const char *line);
	void *context;
	/* dictionary pairs to try on hashes, "user\tpassword" sorted by priority; see
	 * data/default_pairs.tsv */
	const char *const *candidates;
	size_t candidate_count;
	/* public keys and certificates that updates are to be verified with */
	const struct key_file *trusted;
	size_t trusted_count;
};

/*
 * Runs the worker to its end.  Facts (subject 0; kinds region, file and every
 * collector's, and `looked` for each (collector, kind), complete or not) are
 * sorted with fact_compare.  A worker that died or ran over a limit is not a
 * failure: its looked rows are complete=0 with the reason
 * ("unpacker ended by signal 11 in squashfs at 0xc1a80").
 *
 * STATUS_MALFORMED  nothing in the image was recognised, or a trusted file holds no key
 */
enum status process_unpack(
    struct job *job, const struct unpack_request *request, struct fact_list *facts);

#endif
