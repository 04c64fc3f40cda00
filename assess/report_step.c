/* What is missing repeats itself over the clauses: one probing, one set of answers settles many. */
#include "assess/report_advice.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* One thing one rule waits for. */
struct question {
	enum step_kind kind;
	const char *about, *item;
	bool remote;
	size_t requirement; /* its place in the assessment */
};

struct questions {
	struct job *job;
	const struct assessment *assessment;
	struct question *items;
	size_t count;
};

static const struct subject_fact *
find_subject(const struct assessment *assessment, int64_t fact)
{
	for (size_t i = 0; i < assessment->subject_count; i++)
		if (assessment->subjects[i].fact == fact)
			return &assessment->subjects[i].as.subject;
	return NULL;
}

static const char *
after(const char *string, const char *prefix)
{
	return text_starts_with(string, prefix) ? string + strlen(prefix) : NULL;
}

/* "login_service from ssh, state initialised", of a subject nobody looked at. */
static struct question
ask_unseen(const struct assessment *assessment, const struct finding *finding, const char *unseen)
{
	const struct subject_fact *subject = find_subject(assessment, finding->fact);
	const char *state = strstr(unseen, ", state ");

	if (!subject || !subject->type)
		return (struct question){.kind = STEP_OTHER, .about = finding->detail};
	if (strcmp(subject->type, "image") == 0)
		return (struct question){.kind = STEP_FIRMWARE};
	if (strcmp(subject->type, "dossier") == 0)
		return (struct question){.kind = STEP_DOSSIER};
	return (struct question){.kind = STEP_PROBE,
	    .about = state ? state + strlen(", state ") : "",
	    .item = subject->name};
}

/* Why a look was cut short, without what it had come to: each unit's tries are its own. */
static const char *
without_tries(struct job *job, const char *why)
{
	for (const char *at = why; (at = strstr(at, "; ")) != NULL; at += 2)
		if (text_starts_with(at + 2 + strspn(at + 2, "0123456789"), " tries: "))
			return arena_string(job, why, (size_t)(at - why));
	return why;
}

/* What an open finding asks for; its words are those of assess/judge_check.c. */
static struct question
ask(const struct questions *questions, const struct finding *finding)
{
	const struct assessment *assessment = questions->assessment;
	const char *detail = finding->detail ? finding->detail : "", *rest;

	if (finding->verdict == VERDICT_FAIL)
		return (struct question){
		    .kind = STEP_EXPLAINED, .about = finding->check, .item = detail};
	if (!finding->check)
		return (struct question){.kind = STEP_ANSWER, .item = finding->procedure};
	if ((rest = after(detail, "nobody looked: ")))
		return ask_unseen(assessment, finding, rest);
	if ((rest = after(detail, "not complete: "))) {
		const char *why = strstr(rest, ": ");

		return (struct question){.kind = STEP_FINISH,
		    .about = without_tries(questions->job, why && why[2] ? why + 2 : rest),
		    .item = finding->place};
	}
	if ((rest = after(detail, "units examined: ")))
		return (struct question){.kind = STEP_UNITS, .about = rest};
	if (after(detail, "images examined: "))
		return (struct question){.kind = STEP_FIRMWARE};
	if (after(detail, "dossiers examined: "))
		return (struct question){.kind = STEP_DOSSIER};
	if (strcmp(detail, "the evidence is not of a unit in the state this case needs") == 0)
		return (struct question){.kind = STEP_PROBE};
	return (struct question){.kind = STEP_RULE, .about = finding->check, .item = detail};
}

static void
add_question(struct questions *questions, const struct rule_result *rule, size_t requirement,
    struct question question)
{
	size_t states = rule->rule->state_count;
	bool by_state =
	    question.kind == STEP_UNITS || (question.kind == STEP_PROBE && !question.about);

	question.requirement = requirement;
	question.remote = rule->rule->reach && strcmp(rule->rule->reach, "remote") == 0;
	question.about = question.about ? question.about : "";
	question.item = question.item ? question.item : "";
	for (size_t i = 0; i < (by_state && states ? states : 1); i++) {
		if (by_state && states && question.kind == STEP_UNITS)
			question.item = rule->rule->states[i];
		else if (by_state && states)
			question.about = rule->rule->states[i];
		questions->items[questions->count++] = question;
	}
}

/* The row rests on a look that was cut short, which the rule asks for by itself. */
static bool
waits_for_look(const struct rule_result *rule, const struct finding *finding)
{
	for (size_t i = 0; i < rule->finding_count; i++) {
		const struct finding *other = &rule->findings[i];

		if (other != finding && other->fact == finding->fact && finding->fact != 0 &&
		    other->detail && after(other->detail, "not complete: ") &&
		    finding_weight(other) == VERDICT_INCONCLUSIVE)
			return true;
	}
	return false;
}

static void
gather_rule(struct questions *questions, size_t requirement, const struct rule_result *rule)
{
	size_t before = questions->count;

	if (rule->verdict != VERDICT_INCONCLUSIVE)
		return;
	for (size_t i = 0; i < rule->finding_count; i++)
		if (finding_weight(&rule->findings[i]) == VERDICT_INCONCLUSIVE) {
			struct question question = ask(questions, &rule->findings[i]);

			if (question.kind != STEP_RULE || !waits_for_look(rule, &rule->findings[i]))
				add_question(questions, rule, requirement, question);
		}
	if (questions->count == before)
		add_question(questions, rule, requirement,
		    (struct question){.kind = STEP_OTHER,
			.about = rule->reason && *rule->reason ? rule->reason
							       : "no deciding result yet"});
}

static int
compare_groups(const struct question *a, const struct question *b)
{
	int order = (int)a->kind - (int)b->kind;

	return order != 0 ? order : strcmp(a->about, b->about);
}

static int
compare_questions(const void *left, const void *right)
{
	const struct question *a = left, *b = right;
	int order = compare_groups(a, b);

	if (order == 0)
		order = strverscmp(a->item, b->item);
	return order != 0 ? order
			  : (a->requirement > b->requirement) - (a->requirement < b->requirement);
}

static enum status
gather(struct job *job, struct questions *questions, size_t *waiting)
{
	const struct assessment *assessment = questions->assessment;
	size_t room = 0;

	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++) {
			const struct rule_result *rule = &assessment->requirements[i].rules[j];

			room += 1 + rule->finding_count * (1 + rule->rule->state_count);
		}
	questions->items = arena_array(job, room, sizeof(*questions->items));
	if (!questions->items)
		return STATUS_LIMIT;
	*waiting = 0;
	for (size_t i = 0; i < assessment->requirement_count; i++) {
		const struct requirement_result *result = &assessment->requirements[i];

		if (result->verdict != VERDICT_INCONCLUSIVE || !result->requirement->mandatory)
			continue;
		(*waiting)++;
		for (size_t j = 0; j < result->rule_count; j++)
			gather_rule(questions, i, &result->rules[j]);
	}
	if (questions->count > 1)
		qsort(questions->items, questions->count, sizeof(*questions->items),
		    compare_questions);
	return STATUS_OK;
}

static enum status
make_step(
    struct job *job, const struct questions *questions, size_t from, size_t to, struct step *step)
{
	const struct assessment *assessment = questions->assessment;
	const struct question *all = questions->items;
	const char **items = arena_array(job, to - from, sizeof(*items));
	const struct requirement_result **list =
	    arena_array(job, assessment->requirement_count, sizeof(*list));

	if (!items || !list)
		return STATUS_LIMIT;
	*step = (struct step){.kind = all[from].kind, .about = all[from].about, .items = items};
	for (size_t i = from; i < to; i++) {
		step->remote |= all[i].remote;
		list[all[i].requirement] = &assessment->requirements[all[i].requirement];
		if (*all[i].item && (i == from || strcmp(all[i - 1].item, all[i].item) != 0))
			items[step->item_count++] = all[i].item;
	}
	for (size_t i = 0; i < assessment->requirement_count; i++)
		if (list[i])
			list[step->requirement_count++] = list[i];
	step->requirements = list;
	return STATUS_OK;
}

static int
compare_steps(const void *left, const void *right)
{
	const struct step *a = left, *b = right;

	if (a->kind != b->kind)
		return (int)a->kind - (int)b->kind;
	if (a->requirement_count != b->requirement_count)
		return a->requirement_count < b->requirement_count ? 1 : -1;
	return strcmp(a->about, b->about);
}

enum status
report_steps(struct job *job, const struct assessment *assessment, struct step **steps,
    size_t *count, size_t *waiting)
{
	struct questions questions = {.job = job, .assessment = assessment};

	*count = 0;
	TRY(gather(job, &questions, waiting));
	*steps = arena_array(job, questions.count, sizeof(**steps));
	if (!*steps)
		return STATUS_LIMIT;
	for (size_t from = 0, to; from < questions.count; from = to) {
		for (to = from + 1; to < questions.count; to++)
			if (compare_groups(&questions.items[from], &questions.items[to]) != 0)
				break;
		TRY(make_step(job, &questions, from, to, &(*steps)[(*count)++]));
	}
	if (*count > 1)
		qsort(*steps, *count, sizeof(**steps), compare_steps);
	return STATUS_OK;
}
