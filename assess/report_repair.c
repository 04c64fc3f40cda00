/* One fault fails many clauses, so repairs are told by what fails, each with the clauses it costs.
 */
#include "assess/report_advice.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct failure {
	size_t requirement; /* its place in the assessment */
	size_t rule;        /* number over all requirements */
	const struct rule_result *result;
	const struct finding *finding; /* NULL: the rule fails by its reason alone */
};

/* Every FAIL that stands, while it is gathered. */
struct failures {
	const struct assessment *assessment;
	struct failure *items;
	size_t count;
};

static int
compare_strings(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

enum { BY_CHECK, BY_PERSON, BY_REASON };

static int
cause(const struct finding *finding)
{
	return !finding ? BY_REASON : finding->check ? BY_CHECK : BY_PERSON;
}

static const char *
cause_name(const struct finding *finding)
{
	return !finding ? "" : finding->check ? finding->check : finding->procedure;
}

/* Zero when one repair mends both: what a person or the supplier said stands for its clause alone.
 */
static int
compare_causes(const struct failure *a, const struct failure *b)
{
	int order = cause(a->finding) - cause(b->finding);

	if (order == 0)
		order = compare_strings(cause_name(a->finding), cause_name(b->finding));
	if (order == 0 && cause(a->finding) == BY_PERSON)
		order = compare_numbers(a->requirement, b->requirement);
	if (order == 0 && cause(a->finding) == BY_REASON)
		order = compare_numbers(a->rule, b->rule);
	return order;
}

/* Numbers in names and offsets by their size, as a person counts. */
static int
compare_places(const struct finding *a, const struct finding *b)
{
	int order = strverscmp(a->path ? a->path : "", b->path ? b->path : "");

	if (order == 0)
		order = (a->offset > b->offset) - (a->offset < b->offset);
	return order ? order : strverscmp(a->place ? a->place : "", b->place ? b->place : "");
}

static int
compare_words(const struct failure *a, const struct failure *b)
{
	int order = 0;

	if (a->finding && b->finding)
		order = compare_places(a->finding, b->finding);
	if (order == 0 && a->finding && b->finding)
		order = compare_strings(a->finding->detail, b->finding->detail);
	return order;
}

static int
compare_failures(const void *left, const void *right)
{
	const struct failure *a = left, *b = right;
	int order = compare_causes(a, b);

	if (order == 0)
		order = compare_words(a, b);
	if (order == 0)
		order = compare_numbers(a->rule, b->rule);
	return order != 0 || !a->finding ? order : strcmp(a->finding->id, b->finding->id);
}

static void
gather_rule(
    struct failures *failures, size_t requirement, size_t number, const struct rule_result *rule)
{
	bool stated = false;

	for (size_t i = 0; i < rule->finding_count; i++) {
		const struct finding *finding = &rule->findings[i];

		if (finding_weight(finding) != VERDICT_FAIL)
			continue;
		failures->items[failures->count++] =
		    (struct failure){requirement, number, rule, finding};
		stated = true;
	}
	if (rule->verdict == VERDICT_FAIL && !stated)
		failures->items[failures->count++] =
		    (struct failure){requirement, number, rule, NULL};
}

static enum status
gather(struct job *job, struct failures *failures)
{
	const struct assessment *assessment = failures->assessment;
	size_t room = 0, number = 0;

	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++)
			room += 1 + assessment->requirements[i].rules[j].finding_count;
	failures->items = arena_array(job, room, sizeof(*failures->items));
	if (!failures->items)
		return STATUS_LIMIT;
	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++)
			gather_rule(failures, i, number++, &assessment->requirements[i].rules[j]);
	if (failures->count > 1)
		qsort(failures->items, failures->count, sizeof(*failures->items), compare_failures);
	return STATUS_OK;
}

/* The requirements of a group of failures, each once, in the assessment's order. */
static enum status
list_requirements(
    struct job *job, const struct failures *failures, size_t from, size_t to, struct repair *repair)
{
	const struct assessment *assessment = failures->assessment;
	const struct requirement_result **list =
	    arena_array(job, assessment->requirement_count, sizeof(*list));
	size_t count = 0;

	if (!list)
		return STATUS_LIMIT;
	for (size_t i = from; i < to; i++)
		list[failures->items[i].requirement] =
		    &assessment->requirements[failures->items[i].requirement];
	for (size_t i = 0; i < assessment->requirement_count; i++) {
		if (!list[i])
			continue;
		repair->mandatory_count += list[i]->requirement->mandatory;
		list[count++] = list[i];
	}
	repair->requirements = list;
	repair->requirement_count = count;
	return STATUS_OK;
}

static enum status
make_repair(
    struct job *job, const struct failures *failures, size_t from, size_t to, struct repair *repair)
{
	const struct finding **findings = arena_array(job, to - from, sizeof(*findings));
	const struct failure *items = failures->items, *first = &items[from];
	size_t count = 0;

	if (!findings)
		return STATUS_LIMIT;
	for (size_t i = from; i < to; i++) {
		if (items[i].rule < first->rule)
			first = &items[i];
		if (items[i].finding && (i == from || compare_words(&items[i - 1], &items[i]) != 0))
			findings[count++] = items[i].finding;
	}
	*repair = (struct repair){.rule = first->result, .findings = findings};
	repair->finding_count = count;
	return list_requirements(job, failures, from, to, repair);
}

static int
compare_repairs(const void *left, const void *right)
{
	const struct repair *a = left, *b = right;
	const struct finding *of_a = a->finding_count ? a->findings[0] : NULL;
	const struct finding *of_b = b->finding_count ? b->findings[0] : NULL;
	int order = compare_numbers(b->mandatory_count, a->mandatory_count);

	if (order == 0)
		order = compare_numbers(b->requirement_count, a->requirement_count);
	if (order == 0)
		order = cause(of_a) - cause(of_b);
	if (order == 0)
		order = compare_strings(cause_name(of_a), cause_name(of_b));
	if (order == 0) /* both are of one array, in the profile's order */
		order = (a->requirements[0] > b->requirements[0]) -
			(a->requirements[0] < b->requirements[0]);
	return order != 0 ? order : (a->rule > b->rule) - (a->rule < b->rule);
}

enum status
report_repairs(
    struct job *job, const struct assessment *assessment, struct repair **repairs, size_t *count)
{
	struct failures failures = {.assessment = assessment};

	*count = 0;
	TRY(gather(job, &failures));
	*repairs = arena_array(job, failures.count, sizeof(**repairs));
	if (!*repairs)
		return STATUS_LIMIT;
	for (size_t from = 0, to; from < failures.count; from = to) {
		for (to = from + 1; to < failures.count; to++)
			if (compare_causes(&failures.items[from], &failures.items[to]) != 0)
				break;
		TRY(make_repair(job, &failures, from, to, &(*repairs)[(*count)++]));
	}
	if (*count > 1)
		qsort(*repairs, *count, sizeof(**repairs), compare_repairs);
	return STATUS_OK;
}

void
report_repair_words(const struct assessment *assessment, const struct repair *repair,
    const char **claim, const char **remedy, const char **source)
{
	const struct finding *first = repair->finding_count ? repair->findings[0] : NULL;
	const char *reason = repair->rule->reason;

	*claim = *remedy = *source = NULL;
	if (first && first->check && check_texts(assessment, first->check, claim, remedy, source))
		return;
	if (first && !first->check && compare_strings(first->procedure, "ICS") == 0)
		*claim = "The supplier states that the product does not do this.";
	else if (first && !first->check)
		*claim = "A person found the test case not met.";
	else
		*claim = reason && *reason ? reason : "The test case is not met.";
}

const char *
report_repair_command(struct job *job, const struct repair *repair, const struct finding *finding)
{
	for (size_t i = 0; i < repair->finding_count; i++)
		if (repair->findings[i]->check && repair->findings[i]->exchange != 0)
			return repair->findings[i] == finding
				   ? arena_printf(job, "hopquy case exchange CASE %s", finding->id)
				   : NULL;
	return NULL;
}
