/*
 * What was found, each thing once: one row of a check bears on every rule that uses the check.
 */
#ifndef ASSESS_FOUND_H
#define ASSESS_FOUND_H

#include "assess/assessment.h"

/* One rule on which a row bears, with the finding it is there. */
struct bearing {
	const struct requirement_result *requirement;
	const struct rule_result *rule;
	const struct finding *finding;
};

struct found {
	const struct bearing *bearings; /* in the profile's order, at least one */
	size_t bearing_count;
};

/* What one check found, of one weight. */
struct found_group {
	const char *check;
	enum verdict weight; /* as finding_weight says */
	struct found *found; /* by file, offset, detail */
	size_t found_count;
	const struct requirement_result *const
	    *requirements; /* each once, in the profile's order */
	size_t requirement_count, mandatory_count;
};

/*
 * All findings of checks that `wanted` wants: FAIL first, then INCONCLUSIVE, then
 * what bears on most mandatory clauses, then by name.  What two checks say in the
 * same words of the same fact, and of no further clause, stands with the first,
 * whose bearings then are of both.
 */
enum status found_collect(struct job *job, const struct assessment *assessment,
    bool (*wanted)(const void *context, const struct finding *finding), const void *context,
    struct found_group **groups, size_t *count);

/* The finding that stands for all of them. */
const struct finding *found_first(const struct found *found);

#endif
