/* Judging one rule: its checks, its needs, its procedure; for evaluate.c. */
#ifndef ASSESS_JUDGE_H
#define ASSESS_JUDGE_H

#include "assess/evaluate.h"
#include "base/text.h"

struct judge {
	const struct evaluation *evaluation;
	struct query_database *database;
	const struct fact **by_id; /* all facts, sorted by id */
	/* What people say about findings, by finding's id, then in the order it was said. */
	struct ruling {
		const char *finding;
		const struct fact *fact;
		bool used; /* it is about a finding that is there */
	} * rulings;
	size_t ruling_count;
	/* Findings that the supplier explained, by what became of it. */
	struct {
		int64_t open, accepted, refused;
	} explained;
};

void judge_sort(struct judge *judge);
/* NULL when there is none; the newest where there are several. */
const struct fact *judge_find(const struct judge *judge, int64_t id);
const struct fact *judge_find_answer(const struct judge *judge, const char *procedure);
const struct fact *judge_find_ics(const struct judge *judge, const char *provision);

/* Whoever reviews or decides took no part in testing. */
bool judge_is_by_tester(const struct fact *answer);
/* Gathers corrections, closings and explanations; once, after judge_sort. */
enum status judge_gather_rulings(struct job *job, struct judge *judge);
/* Statements of the supplier about no finding that fails: in the assessment's words, idle. */
enum status judge_idle_explanations(
    struct job *job, const struct judge *judge, struct assessment *assessment);

enum status judge_rule(struct job *job, struct judge *judge,
    const struct profile_requirement *requirement, const struct profile_rule *rule,
    struct rule_result *result);

/* A rule being judged. */
struct rule_judge {
	struct judge *judge;
	const struct profile_requirement *requirement;
	const struct profile_rule *rule;
	struct rule_result *result;
	size_t room;         /* of findings */
	struct twins *twins; /* how often each id was given; see judge.c */
	size_t twins_room, twins_count;
	bool machine, person; /* had a say */
	bool procedure_passed;
};

/*
 * The detail of a finding as its id has it: of a living unit without what is
 * counted or timed anew at every run, and without what a resource showed at
 * that moment.  Numbers that say what a thing is stay: ports, sizes of keys.
 */
void judge_put_stable_detail(struct text *text, const struct fact *fact, const char *detail);
/*
 * What tells a fact of a unit from its twins, for the id: over which family it
 * was seen (IPv4 is not named, so that an id stays when the other family is
 * looked at too), which probe looked for what, from how many addresses a log-in
 * was besieged.
 */
void judge_put_distinction(struct text *text, const struct fact *fact);
/* Adds a finding: its place and stable id are made from the fact it cites. */
enum status judge_add_finding(
    struct job *job, struct rule_judge *self, const struct finding *finding);
/* Corrections, closings and explanations of the rule's findings, after all of them are there. */
void judge_apply_rulings(struct judge *judge, struct rule_judge *self);
/* Runs one check with its needs and adds its findings. */
enum status judge_check(struct job *job, struct rule_judge *self, const struct profile_check *use);

#endif
