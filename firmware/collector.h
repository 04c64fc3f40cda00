/*
 * A collector: one reading of the tree, one file, one line in catalogue.def.
 */
#ifndef FIRMWARE_COLLECTOR_H
#define FIRMWARE_COLLECTOR_H

#include "facts/evidence.h"
#include "firmware/node.h"

/* What every collector of one image shares; const while it runs. */
struct collection {
	const struct tree *tree;       /* while files pass by: what was found so far */
	const char *const *candidates; /* "user\tpassword", most likely first; to try on hashes */
	size_t candidate_count;
};

struct collector {
	const char *name;   /* file name, id, and the `source` of its facts */
	const char *title;  /* for the documentation */
	const char *source; /* the specification it reads by */
	const enum fact_kind *looks_for;
	size_t looks_for_count;
	/* Cheap test by name, type, mode: is the content wanted?  `head` is the first up to 64
	 * bytes. */
	bool (*wants)(const struct node *node, struct span head);
	/*
	 * Reads one regular file.  A fault of the input is no failure; a limit or
	 * a fault of ours is.  `content` lives only until the call returns.
	 */
	enum status (*collect)(struct job *job, const struct collection *collection,
	    const struct node *node, struct span content, struct evidence *evidence);
	/* Optional (NULL): after all files, what the tree and its regions say as a whole. */
	enum status (*conclude)(
	    struct job *job, const struct collection *collection, struct evidence *evidence);
};

/* catalogue.def holds one COLLECTOR(name) a line; each file defines `const struct collector
 * collector_NAME`. */
extern const struct collector *const firmware_collectors[];
extern const size_t firmware_collector_count;

#endif
