/*
 * A collector: one reading of the tree, one file, one line in catalogue.def.
 */
#ifndef FIRMWARE_COLLECTOR_H
#define FIRMWARE_COLLECTOR_H

#include "facts/evidence.h"
#include "firmware/kept.h"
#include "firmware/key_ring.h"
#include "firmware/node.h"
#include "firmware/patterns.h"

/* What every collector of one image shares; const while it runs. */
struct collection {
	const struct tree *tree;       /* while files pass by: what was found so far */
	const char *const *candidates; /* "user\tpassword", most likely first; to try on hashes */
	size_t candidate_count;
	int64_t (*milliseconds)(
	    void);             /* of a steady clock, for volatile facts alone; may be NULL */
	struct kept *kept;     /* see kept.h: for conclude(); may be NULL */
	struct span image;     /* all of it: what lies in it stays while collectors run */
	struct key_ring *keys; /* that may verify an update; the one thing that is added to; may be
				  NULL */
};

/* Where something a collector seeks begins. */
struct find {
	uint64_t at;
	uint32_t sought; /* index in its own list */
};

/* One regular file as it passes by: it lives until collect() returns. */
struct offer {
	const struct node *node;
	struct span content;
	const struct find *finds; /* of this collector, by `at`, then `sought` */
	size_t find_count;
};

/* So many finds of one collector in one file; what is behind them makes it incomplete. */
#define COLLECTOR_MAX_FINDS 262144u

struct collector {
	const char *name;   /* file name, id, and the `source` of its facts */
	const char *title;  /* for the documentation */
	const char *source; /* the specification it reads by */
	const enum fact_kind *looks_for;
	size_t looks_for_count;
	/* Sought in each file it wants, with all other collectors', in one pass over the bytes. */
	const struct pattern *seeks;
	size_t seeks_count;
	bool whole_files; /* its facts are about files, not places in them: no excerpt is made */
	/* Cheap test by name, type, mode: is the content wanted?  `head` is the first up to 64
	 * bytes. */
	bool (*wants)(const struct node *node, struct span head);
	/*
	 * Reads one regular file.  A fault of the input is no failure; a limit or
	 * a fault of ours is.  A fact at a place of the file gets its excerpt from
	 * there; what must not be read in it stands in `fact.hide`.
	 */
	enum status (*collect)(struct job *job, const struct collection *collection,
	    const struct offer *offer, struct evidence *evidence);
	/* Optional (NULL): after all files, what the tree and its regions say as a whole. */
	enum status (*conclude)(
	    struct job *job, const struct collection *collection, struct evidence *evidence);
};

/* catalogue.def holds one COLLECTOR(name) a line; each file defines `const struct collector
 * collector_NAME`. */
extern const struct collector *const firmware_collectors[];
extern const size_t firmware_collector_count;

#endif
