/*
 * Where collectors, probes and readers put what they found.
 *
 * In a worker the sink is a socket to the supervisor; in a test it is a list.
 */
#ifndef FACTS_EVIDENCE_H
#define FACTS_EVIDENCE_H

#include "facts/fact.h"

struct evidence {
	enum status (*add)(struct evidence *self, struct job *job, const struct fact *fact);
	void *context;
	const char *source; /* set on every fact added without one */
};

/* Checks the fact, fills in the source, hands it to the sink. */
enum status evidence_add(struct evidence *evidence, struct job *job, const struct fact *fact);

/*
 * "I looked for facts of `kind`": complete, or not, with the reason (NULL when
 * complete).  `count` facts were found (UNKNOWN allowed).
 */
enum status evidence_looked(struct evidence *evidence, struct job *job, enum fact_kind kind,
    bool complete, const char *reason, int64_t count);

/* A sink that keeps facts in the job's arena, in the order added. */
struct fact_list {
	struct fact *facts;
	size_t count;
	size_t room;
};
struct evidence evidence_to_list(struct fact_list *list);
/* A sink that writes FRAME_FACT frames to a descriptor. */
struct evidence evidence_to_descriptor(int *descriptor);

/* Sorts by fact_compare. */
void fact_list_sort(struct fact_list *list);

#endif
