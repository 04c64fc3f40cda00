/*
 * The verdict algebra: profile and evidence in, assessment out, byte for byte the same anywhere.
 */
#ifndef ASSESS_EVALUATE_H
#define ASSESS_EVALUATE_H

#include "assess/assessment.h"
#include "facts/evidence.h"

struct evaluation {
	const struct profile *profile;
	const struct catalogue *catalogue;
	const char *reference_folder;  /* data/ */
	const struct fact_list *facts; /* current facts with ids, as case_facts gives them */
	int64_t now; /* Unix seconds at which certificates and periods are judged */
	const char *program_version;
};

/*
 * Judges every rule.  The result and its strings live in the job's arena and
 * borrow from the evaluation's profile, catalogue and facts.
 *
 * STATUS_MALFORMED  the profile names an unknown check, parameter or value
 * STATUS_FAULT      a check broke its limits or wrote what is no verdict
 */
enum status evaluate(
    struct job *job, const struct evaluation *evaluation, struct assessment *assessment);

/*
 * The algebra by itself, for rules judged one by one (tests use it as a table).
 * Findings that are corrected or closed count no more.  `decided` counts deciding
 * results that passed: checks that decide and the procedure.
 */
enum verdict rollup_rule(const struct finding *findings, size_t count, size_t decided);
enum verdict rollup_requirement(const enum verdict *rules, size_t count);

#endif
