/*
 * What people say about a finding: two rule it false, a tester closes it, the supplier explains it.
 * None takes it away, and none covers evidence that came after it.
 */
#include "assess/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static bool
has_text(const char *text)
{
	return text != NULL && text[0] != '\0';
}

bool
judge_is_by_tester(const struct fact *answer)
{
	return answer->source != NULL && strcmp(answer->source, "tester") == 0;
}

/* The finding that a fact is about; NULL when it is about none. */
static const char *
finding_of(const struct fact *fact)
{
	const char *id = NULL;

	if (fact->kind == FACT_correction)
		id = fact->as.correction.finding;
	else if (fact->kind == FACT_answer)
		id = fact->as.answer.closes_fact;
	else if (fact->kind == FACT_explanation)
		id = fact->as.explanation.finding;
	return has_text(id) ? id : NULL;
}

static int
compare_rulings(const void *left, const void *right)
{
	const struct ruling *a = left, *b = right;
	int order = strcmp(a->finding, b->finding);

	return order != 0 ? order
			  : (a->fact->fact > b->fact->fact) - (a->fact->fact < b->fact->fact);
}

enum status
judge_gather_rulings(struct job *job, struct judge *judge)
{
	size_t count = judge->evaluation->facts->count, room = 0;

	for (size_t i = 0; i < count; i++)
		room += finding_of(judge->by_id[i]) != NULL;
	judge->rulings = arena_array(job, room, sizeof *judge->rulings);
	if (judge->rulings == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < count; i++)
		if (finding_of(judge->by_id[i]) != NULL)
			judge->rulings[judge->ruling_count++] = (struct ruling){
			    .finding = finding_of(judge->by_id[i]), .fact = judge->by_id[i]};
	if (room > 1)
		qsort(judge->rulings, room, sizeof *judge->rulings, compare_rulings);
	return STATUS_OK;
}

/* Where the rulings about that finding begin. */
static size_t
find_rulings(const struct judge *judge, const char *finding)
{
	size_t low = 0, high = judge->ruling_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(judge->rulings[middle].finding, finding) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * A ruling is about evidence its people had before them: what was gathered
 * afterwards, of another image or in another run, wants a ruling of its own.
 */
static bool
came_after(const struct judge *judge, const struct fact *ruling, const struct finding *finding)
{
	const struct fact *cited = finding->fact == 0 ? NULL : judge_find(judge, finding->fact);

	return cited == NULL || (ruling->fact > cited->fact && ruling->fact > cited->subject);
}

/* Nobody closes a FAIL row; two people with evidence may rule it false (algebra 4). */
static bool
corrects(const struct fact *fact)
{
	const struct correction_fact *correction = &fact->as.correction;

	return fact->kind == FACT_correction && has_text(correction->reason) &&
	       has_text(correction->evidence) && has_text(correction->tester) &&
	       has_text(correction->reviewer) &&
	       !text_equal_ignoring_case(correction->tester, correction->reviewer);
}

static bool
closes(const struct fact *fact)
{
	const struct answer_fact *answer = &fact->as.answer;

	return fact->kind == FACT_answer && has_text(answer->result) &&
	       strcmp(answer->result, "pass") == 0 && has_text(answer->person) &&
	       has_text(answer->note) && has_text(answer->attachment) && judge_is_by_tester(fact);
}

static bool
explains(const struct fact *fact)
{
	return fact->kind == FACT_explanation && has_text(fact->as.explanation.reason) &&
	       has_text(fact->as.explanation.person);
}

/* Who hands in the same words again has said nothing new. */
static bool
says_the_same(const struct fact *earlier, const struct fact *later)
{
	return earlier != NULL &&
	       strcmp(earlier->as.explanation.person, later->as.explanation.person) == 0 &&
	       strcmp(earlier->as.explanation.reason, later->as.explanation.reason) == 0;
}

/* A tester has read the very statement that holds, and is not who made it. */
static bool
accepts(const struct fact *fact, const struct fact *explanation)
{
	return closes(fact) && fact->fact > explanation->fact &&
	       !text_equal_ignoring_case(
		   fact->as.answer.person, explanation->as.explanation.person);
}

/* A tester's "it fails all the same" stands, whatever is said later. */
static bool
refuses(const struct fact *fact)
{
	return fact->kind == FACT_answer && has_text(fact->as.answer.result) &&
	       strcmp(fact->as.answer.result, "fail") == 0 && has_text(fact->as.answer.person) &&
	       judge_is_by_tester(fact);
}

/* The supplier's own statement is the supplier's to change. */
static bool
is_correctable(const struct finding *finding)
{
	return finding->check != NULL || strcmp(finding->procedure, "ICS") != 0;
}

/* The supplier explains what the machine found, never what a person or the supplier itself said. */
static void
explain(struct judge *judge, struct finding *finding, struct ruling *rulings, size_t count)
{
	const struct fact *explanation = NULL;

	for (size_t i = 0; i < count && finding->check != NULL; i++)
		if (explains(rulings[i].fact) && came_after(judge, rulings[i].fact, finding)) {
			if (!says_the_same(explanation, rulings[i].fact))
				explanation = rulings[i].fact;
			rulings[i].used = true;
		}
	if (explanation == NULL)
		return;
	finding->explanation = EXPLAINED;
	finding->explained_by = explanation->as.explanation.person;
	finding->explanation_reason = explanation->as.explanation.reason;
	finding->explained_at = explanation->as.explanation.time;
	for (size_t i = 0; i < count; i++) {
		if (!came_after(judge, rulings[i].fact, finding))
			continue;
		if (accepts(rulings[i].fact, explanation)) {
			finding->closed = true;
			finding->closed_by = rulings[i].fact->as.answer.person;
		}
		if (refuses(rulings[i].fact))
			finding->explanation = EXPLANATION_REFUSED;
	}
	if (finding->explanation == EXPLANATION_REFUSED) {
		finding->closed = false;
		finding->closed_by = NULL;
	}
}

static void
count_explained(struct judge *judge, const struct finding *finding)
{
	judge->explained.refused += finding->explanation == EXPLANATION_REFUSED;
	judge->explained.accepted += finding->explanation == EXPLAINED && finding->closed;
	judge->explained.open +=
	    finding->explanation == EXPLAINED && !finding->closed && !finding->corrected;
}

static void
rule_on_failure(struct judge *judge, struct finding *finding, struct ruling *rulings, size_t count)
{
	explain(judge, finding, rulings, count);
	for (size_t i = 0; i < count; i++)
		if (is_correctable(finding) && corrects(rulings[i].fact) &&
		    came_after(judge, rulings[i].fact, finding)) {
			finding->corrected = true;
			finding->closed_by = rulings[i].fact->as.correction.tester;
		}
	count_explained(judge, finding);
}

void
judge_apply_rulings(struct judge *judge, struct rule_judge *self)
{
	for (size_t i = 0; i < self->result->finding_count; i++) {
		struct finding *finding = &self->result->findings[i];
		size_t from = find_rulings(judge, finding->id), to = from;

		while (to < judge->ruling_count &&
		       strcmp(judge->rulings[to].finding, finding->id) == 0)
			to++;
		if (finding->verdict == VERDICT_FAIL)
			rule_on_failure(judge, finding, &judge->rulings[from], to - from);
		self->person |= finding->verdict == VERDICT_FAIL && finding->closed;
		for (size_t j = from; j < to && finding->verdict == VERDICT_INCONCLUSIVE; j++)
			if (finding->check != NULL && !finding->unmet &&
			    closes(judge->rulings[j].fact) &&
			    came_after(judge, judge->rulings[j].fact, finding)) {
				finding->closed = true;
				finding->closed_by = judge->rulings[j].fact->as.answer.person;
				self->person = true;
			}
	}
}

enum status
judge_idle_explanations(struct job *job, const struct judge *judge, struct assessment *assessment)
{
	const struct fact **idle = arena_array(job, judge->ruling_count, sizeof *idle);

	if (idle == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < judge->ruling_count; i++)
		if (judge->rulings[i].fact->kind == FACT_explanation && !judge->rulings[i].used)
			idle[assessment->idle_explanation_count++] = judge->rulings[i].fact;
	assessment->idle_explanations = idle;
	return STATUS_OK;
}
