/* What one check says: first whether anybody looked, then its rows, each held against the fact it
 * cites. */
#include <inttypes.h>
#include <string.h>

#include "assess/judge.h"
#include "base/arena.h"

static bool
same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool
is_complete(const struct fact *looked)
{
	return looked->as.looked.complete == 1;
}

/* Does this `looked` row speak of that kind, from that source, at that subject, in that state
 * (NULL: any), as seen from there? */
static bool
speaks_of(const struct fact *fact, const struct rule_judge *self, const struct need *need,
    const char *source, int64_t subject, const char *state)
{
	return fact->kind == FACT_looked && fact->subject == subject &&
	       same(fact->as.looked.kind, fact_kinds[need->kind].name) &&
	       same(fact->as.looked.from_source, source) &&
	       (state == NULL || same(fact->state, state)) &&
	       (fact->reach == NULL || strcmp(self->rule->reach, "remote") != 0 ||
		   strcmp(fact->reach, "remote") == 0);
}

struct unmet {
	const struct need *need;
	const char *source;
	const struct fact *subject; /* NULL: too few subjects */
	const char *state;
	int64_t wanted, had;
	const struct fact *looked; /* the incomplete row, if there is one */
};

static enum status
add_unmet(struct job *job, struct rule_judge *self, const char *check, const struct unmet *unmet)
{
	struct finding finding = {
	    .check = check, .verdict = VERDICT_INCONCLUSIVE, .unmet = unmet->looked == NULL};
	const char *kind = fact_kinds[unmet->need->kind].name;

	if (unmet->subject == NULL)
		finding.detail = arena_printf(job, "%ss examined: %" PRId64 "/%" PRId64,
		    unmet->need->subject, unmet->had, unmet->wanted);
	else if (unmet->looked == NULL)
		finding.detail = arena_printf(job, "nobody looked: %s from %s%s%s", kind,
		    unmet->source, unmet->state == NULL ? "" : ", state ",
		    unmet->state == NULL ? "" : unmet->state);
	else
		finding.detail = arena_printf(job, "not complete: %s from %s: %s", kind,
		    unmet->source,
		    unmet->looked->as.looked.reason == NULL ? "" : unmet->looked->as.looked.reason);
	finding.fact = unmet->looked != NULL    ? unmet->looked->fact
		       : unmet->subject != NULL ? unmet->subject->fact
						: 0;
	return finding.detail == NULL ? STATUS_LIMIT : judge_add_finding(job, self, &finding);
}

static bool
was_looked(const struct rule_judge *self, struct unmet *unmet)
{
	const struct fact_list *facts = self->judge->evaluation->facts;
	bool found = false;

	unmet->looked = NULL;
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (!speaks_of(
			fact, self, unmet->need, unmet->source, unmet->subject->fact, unmet->state))
			continue;
		if (!is_complete(fact)) {
			unmet->looked = fact;
			return false;
		}
		found = true;
	}
	return found;
}

/* One source at one subject: in each state the rule needs, or in whatever state was seen. */
static enum status
check_source(
    struct job *job, struct rule_judge *self, const char *check, struct unmet *unmet, bool *met)
{
	bool by_state = strcmp(unmet->need->subject, "unit") == 0 && self->rule->state_count != 0;
	size_t count = by_state ? self->rule->state_count : 1;

	for (size_t i = 0; i < count; i++) {
		unmet->state = by_state ? self->rule->states[i] : NULL;
		if (was_looked(self, unmet))
			continue;
		*met = false;
		TRY(add_unmet(job, self, check, unmet));
	}
	return STATUS_OK;
}

static int64_t
wanted_subjects(const struct profile_rule *rule, const char *type)
{
	int64_t asked = strcmp(type, "unit") == 0    ? rule->samples
			: strcmp(type, "image") == 0 ? rule->images
						     : 1;

	return asked < 1 ? 1 : asked;
}

static enum status
check_need(
    struct job *job, struct rule_judge *self, const char *check, const struct need *need, bool *met)
{
	const struct fact_list *facts = self->judge->evaluation->facts;
	struct unmet unmet = {.need = need, .wanted = wanted_subjects(self->rule, need->subject)};

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (fact->kind != FACT_subject || !same(fact->as.subject.type, need->subject))
			continue;
		unmet.had++;
		unmet.subject = fact;
		for (size_t j = 0; j < need->source_count; j++) {
			unmet.source = need->sources[j];
			TRY(check_source(job, self, check, &unmet, met));
		}
	}
	if (unmet.had >= unmet.wanted)
		return STATUS_OK;
	*met = false;
	unmet.subject = NULL;
	return add_unmet(job, self, check, &unmet);
}

/* Rows seen in a state, or from a place, that the rule does not speak of are another rule's
 * business. */
static bool
is_in_scope(const struct profile_rule *rule, const struct fact *fact)
{
	if (strcmp(rule->reach, "remote") == 0 && fact->reach != NULL &&
	    strcmp(fact->reach, "remote") != 0)
		return false;
	if (fact->state == NULL || rule->state_count == 0)
		return true;
	for (size_t i = 0; i < rule->state_count; i++)
		if (strcmp(rule->states[i], fact->state) == 0)
			return true;
	return false;
}

/* A functional case passes only on a unit, or on a published text where that is what is tested
 * (algebra 2). */
static bool
may_prove(const struct rule_judge *self, const struct fact *fact)
{
	const struct fact *subject;

	if (self->rule->kind == CASE_CONCEPTUAL)
		return true;
	if (self->rule->publication_counts &&
	    (fact->kind == FACT_publication || fact->kind == FACT_answer))
		return true;
	subject = judge_find(self->judge, fact->kind == FACT_subject ? fact->fact : fact->subject);
	return subject != NULL && same(subject->as.subject.type, "unit");
}

static bool
read_verdict(const char *text, enum verdict *verdict)
{
	if (strcmp(text, "pass") == 0)
		*verdict = VERDICT_PASS;
	else if (strcmp(text, "fail") == 0)
		*verdict = VERDICT_FAIL;
	else if (strcmp(text, "inconclusive") == 0)
		*verdict = VERDICT_INCONCLUSIVE;
	else
		return false;
	return true;
}

static enum status
take_row(struct job *job, struct rule_judge *self, const struct check *check, bool refutes,
    const struct query_row *row, size_t *beside_the_case)
{
	const struct fact *fact = judge_find(self->judge, row->fact);
	struct finding finding = {.check = check->name, .fact = row->fact, .detail = row->detail};

	if (!read_verdict(row->verdict, &finding.verdict))
		return fail(
		    job, STATUS_FAULT, "check %s: '%s' is no verdict", check->name, row->verdict);
	if (fact == NULL)
		return fail(job, STATUS_FAULT,
		    "check %s: a row cites fact %" PRId64 ", which is not there", check->name,
		    row->fact);
	if (!is_in_scope(self->rule, fact))
		return STATUS_OK;
	if (fact->kind == FACT_looked && !is_complete(fact))
		finding.verdict = VERDICT_INCONCLUSIVE;
	finding.decides = !refutes && (finding.verdict != VERDICT_PASS || may_prove(self, fact));
	*beside_the_case += !refutes && !finding.decides;
	/*
	 * What the machine could not try enough of, the person tried by the procedure.  A question
	 * about something that was seen is closed by name, with evidence, or not at all.
	 */
	if (finding.verdict == VERDICT_INCONCLUSIVE && refutes && fact->kind == FACT_looked &&
	    is_complete(fact) && self->procedure_passed) {
		finding.closed = true;
		finding.closed_by = self->rule->procedure;
	}
	return judge_add_finding(job, self, &finding);
}

enum status
judge_check(struct job *job, struct rule_judge *self, const struct profile_check *use)
{
	const struct evaluation *evaluation = self->judge->evaluation;
	const struct check *check = catalogue_find(evaluation->catalogue, use->check);
	bool refutes = use->power == POWER_REFUTES || check->power == POWER_REFUTES;
	struct query_row *rows;
	size_t count, beside_the_case = 0;
	bool met = true;

	for (size_t i = 0; i < check->need_count; i++)
		TRY(check_need(job, self, check->name, &check->needs[i], &met));
	TRY(query_run(job, self->judge->database, check->name, check->sql, check->allowed,
	    use->parameters, use->parameter_count, evaluation->now, &rows, &count));
	for (size_t i = 0; i < count; i++)
		TRY(take_row(job, self, check, refutes, &rows[i], &beside_the_case));
	self->machine |= met;
	if (count != 0 && beside_the_case == count)
		return judge_add_finding(job, self,
		    &(struct finding){.check = check->name,
			.verdict = VERDICT_INCONCLUSIVE,
			.detail = "the evidence is not of a unit in the state this case needs"});
	return STATUS_OK;
}
