/* Judging one rule: its checks, its needs, its procedure; for evaluate.c. */
#ifndef ASSESS_JUDGE_H
#define ASSESS_JUDGE_H

#include "assess/evaluate.h"

struct judge {
	const struct evaluation *evaluation;
	struct query_database *database;
	const struct fact **by_id; /* all facts, sorted by id */
};

void judge_sort(struct judge *judge);
/* NULL when there is none; the newest where there are several. */
const struct fact *judge_find(const struct judge *judge, int64_t id);
const struct fact *judge_find_answer(const struct judge *judge, const char *procedure);
const struct fact *judge_find_ics(const struct judge *judge, const char *provision);

enum status judge_rule(struct job *job, struct judge *judge,
    const struct profile_requirement *requirement, const struct profile_rule *rule,
    struct rule_result *result);

/* A rule being judged. */
struct rule_judge {
	struct judge *judge;
	const struct profile_requirement *requirement;
	const struct profile_rule *rule;
	struct rule_result *result;
	size_t room;          /* of findings */
	bool machine, person; /* had a say */
	bool procedure_passed;
};

/* Adds a finding: its place and stable id are made from the fact it cites. */
enum status judge_add_finding(
    struct job *job, struct rule_judge *self, const struct finding *finding);
/* Runs one check with its needs and adds its findings. */
enum status judge_check(struct job *job, struct rule_judge *self, const struct profile_check *use);

#endif
