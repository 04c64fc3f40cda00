/* Findings keep their ids from build to build, so that an old fail is told from a new one. */
#include "app/gate.h"

#include <stdlib.h>
#include <string.h>

#include "assess/report_screen.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/message.h"

static int
compare_ids(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool
is_known(const struct gate *gate, const struct finding *finding)
{
	return gate->known_count != 0 && bsearch(&finding->id, gate->known, gate->known_count,
					     sizeof *gate->known, compare_ids) != NULL;
}

static bool
is_new(const void *context, const struct finding *finding)
{
	const struct gate *gate = context;

	return gate->has_baseline && finding_weight(finding) == VERDICT_FAIL &&
	       !is_known(gate, finding);
}

static bool
is_old(const void *context, const struct finding *finding)
{
	return finding_weight(finding) == VERDICT_FAIL && !is_new(context, finding);
}

static bool
is_explained(const void *context, const struct finding *finding)
{
	(void)context;
	return finding->verdict == VERDICT_FAIL && finding->explanation == EXPLAINED &&
	       finding_weight(finding) != VERDICT_FAIL;
}

static size_t
count_findings(const struct assessment *assessment)
{
	size_t count = 0;

	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++)
			count += assessment->requirements[i].rules[j].finding_count;
	return count;
}

/* The findings that `wanted` wants, of checks and of people: at most count_findings(). */
static size_t
gather(const struct assessment *assessment,
    bool (*wanted)(const void *context, const struct finding *finding), const void *context,
    const struct finding **findings)
{
	size_t count = 0;

	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++) {
			const struct rule_result *rule = &assessment->requirements[i].rules[j];

			for (size_t k = 0; k < rule->finding_count; k++)
				if (wanted(context, &rule->findings[k]))
					findings[count++] = &rule->findings[k];
		}
	return count;
}

/* Every row that says FAIL, whatever people said about it. */
static bool
says_fail(const void *context, const struct finding *finding)
{
	(void)context;
	return finding->verdict == VERDICT_FAIL;
}

static enum status
read_baseline(struct work *work, const char *path, struct gate *gate)
{
	struct work old = {.job = work->job, .path = path, .language = work->language};
	const struct finding **findings;
	struct assessment assessment;
	enum status status;
	size_t room;
	bool same;

	TRY(work_open(&old, false));
	status = work_replay(&old, &assessment, &same);
	case_close(old.file);
	TRY(status);
	room = count_findings(&assessment);
	findings = arena_array(work->job, room, sizeof *findings);
	gate->known = arena_array(work->job, room, sizeof *gate->known);
	if (findings == NULL || gate->known == NULL)
		return STATUS_LIMIT;
	gate->known_count = gather(&assessment, says_fail, NULL, findings);
	for (size_t i = 0; i < gate->known_count; i++)
		gate->known[i] = findings[i]->id;
	if (gate->known_count > 1)
		qsort(gate->known, gate->known_count, sizeof *gate->known, compare_ids);
	gate->has_baseline = true;
	return STATUS_OK;
}

/* Things that checks found, each once, and every finding of a person; the latter in `judged`. */
static enum status
count_things(struct job *job, const struct assessment *assessment,
    bool (*wanted)(const void *context, const struct finding *finding), const struct gate *gate,
    size_t *things, struct found_group **groups, size_t *group_count,
    const struct finding ***judged, size_t *judged_count)
{
	const struct finding **all;
	size_t count;

	TRY(found_collect(job, assessment, wanted, gate, groups, group_count));
	all = arena_array(job, count_findings(assessment), sizeof(*all));
	if (all == NULL)
		return STATUS_LIMIT;
	*things = *judged_count = 0;
	count = gather(assessment, wanted, gate, all);
	for (size_t i = 0; i < count; i++)
		if (all[i]->check == NULL)
			all[(*judged_count)++] = all[i];
	*judged = all;
	for (size_t i = 0; i < *group_count; i++)
		*things += (*groups)[i].found_count;
	*things += *judged_count;
	return STATUS_OK;
}

enum status
gate_judge(
    struct work *work, const char *baseline, const struct assessment *assessment, struct gate *gate)
{
	struct job *job = work->job;
	const struct finding **judged;
	struct found_group *groups;
	size_t group_count, judged_count;
	bool failed = assessment->refer;

	*gate = (struct gate){0};
	if (baseline != NULL)
		TRY(read_baseline(work, baseline, gate));
	TRY(count_things(job, assessment, is_explained, gate, &gate->explained, &groups,
	    &group_count, &judged, &judged_count));
	TRY(count_things(job, assessment, is_old, gate, &gate->old_count, &groups, &group_count,
	    &judged, &judged_count));
	TRY(count_things(job, assessment, is_new, gate, &gate->new_count, &groups, &group_count,
	    &judged, &judged_count));
	gate->added = groups;
	gate->added_groups = group_count;
	gate->judged = judged;
	gate->judged_count = judged_count;
	for (size_t i = 0; i < assessment->requirement_count; i++)
		failed |= assessment->requirements[i].verdict == VERDICT_FAIL;
	gate->status = (baseline != NULL ? gate->new_count != 0 : failed) ? STATUS_NO : STATUS_OK;
	return STATUS_OK;
}

/* "image.bin: 0.squashfs/etc/a.key: private RSA key (VN135-04.3, …) [id, …]" */
static enum status
describe(struct job *job, const struct found *found, int language, const char **out)
{
	const struct finding *first = found_first(found);
	const char *place = report_place(job, language, first->place);
	const char *detail = report_detail(job, language, first);
	struct text text = text_new(job);

	if (place == NULL || detail == NULL)
		return STATUS_LIMIT;
	text_printf(&text, "%s%s%s", place, place[0] != '\0' ? ": " : "",
	    detail[0] != '\0' ? detail : first->check);
	for (size_t i = 0; i < found->bearing_count; i++)
		text_printf(&text, "%s%s", i == 0 ? " (" : ", ",
		    found->bearings[i].requirement->requirement->id);
	text_put(&text, ")");
	for (size_t i = 0; i < found->bearing_count; i++)
		text_printf(&text, "%s%s", i == 0 ? " [" : ", ", found->bearings[i].finding->id);
	text_put(&text, "]");
	return text_finish(&text, out);
}

static enum status
put_new(struct screen *screen, const struct gate *gate)
{
	const char *label = arena_printf(screen->job, "%s: ", screen_words(screen, "new")), *line;

	if (label == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < gate->added_groups; i++)
		for (size_t j = 0; j < gate->added[i].found_count; j++) {
			TRY(describe(screen->job, &gate->added[i].found[j],
			    screen->options->language, &line));
			screen_paragraph(screen, 0, 2, label, line);
		}
	for (size_t i = 0; i < gate->judged_count; i++)
		screen_paragraph(screen, 0, 2, label,
		    arena_printf(
			screen->job, "%s [%s]", gate->judged[i]->procedure, gate->judged[i]->id));
	return STATUS_OK;
}

enum status
gate_print(struct job *job, const struct assessment *assessment, const struct gate *gate,
    int language, const char **out)
{
	struct report_options options = {.language = language};
	struct screen screen = {job, assessment, &options, false, text_new(job)};
	int code = status_exit_code(gate->status);

	text_put(&screen.out, "\n");
	TRY(put_new(&screen, gate));
	screen_line(&screen, 0,
	    gate->has_baseline
		? arena_printf(job,
		      screen_words(
			  &screen, "Gate: new fails %zu, in the baseline %zu, explained %zu: %d"),
		      gate->new_count, gate->old_count, gate->explained, code)
		: arena_printf(job, screen_words(&screen, "Gate: fails %zu, explained %zu: %d"),
		      gate->old_count, gate->explained, code));
	return text_finish(&screen.out, out);
}

static void
put_found(struct json *json, const struct found *found)
{
	const struct finding *first = found_first(found);

	json_open_object(json);
	json_member_string(json, "check", first->check);
	json_member_string(json, "place", first->place);
	json_member_string(json, "detail", first->detail);
	json_name(json, "clauses");
	json_open_array(json);
	for (size_t i = 0; i < found->bearing_count; i++)
		json_string(json, found->bearings[i].requirement->requirement->id);
	json_close_array(json);
	json_name(json, "findings");
	json_open_array(json);
	for (size_t i = 0; i < found->bearing_count; i++)
		json_string(json, found->bearings[i].finding->id);
	json_close_array(json);
	json_close_object(json);
}

static void
put_judged(struct json *json, const struct finding *finding)
{
	json_open_object(json);
	json_member_string(json, "procedure", finding->procedure);
	json_name(json, "findings");
	json_open_array(json);
	json_string(json, finding->id);
	json_close_array(json);
	json_close_object(json);
}

enum status
gate_json(struct job *job, const struct gate *gate, const char **out)
{
	struct json json = json_new(job);
	struct text whole = text_new(job);
	size_t size = strlen(*out);
	const char *member;

	json_open_object(&json);
	json_name(&json, "new");
	json_open_array(&json);
	for (size_t i = 0; i < gate->added_groups; i++)
		for (size_t j = 0; j < gate->added[i].found_count; j++)
			put_found(&json, &gate->added[i].found[j]);
	for (size_t i = 0; i < gate->judged_count; i++)
		put_judged(&json, gate->judged[i]);
	json_close_array(&json);
	if (gate->has_baseline)
		json_member_integer(&json, "baseline", (int64_t)gate->old_count);
	else
		json_member_integer(&json, "failed", (int64_t)gate->old_count);
	json_member_integer(&json, "explained", (int64_t)gate->explained);
	json_member_integer(&json, "status", status_exit_code(gate->status));
	json_close_object(&json);
	TRY(json_finish(&json, &member));
	while (size > 0 && (*out)[size - 1] != '}')
		size--;
	text_put_bytes(&whole, *out, size == 0 ? 0 : size - 1);
	text_printf(&whole, ",\"gate\":%s}\n", member);
	return text_finish(&whole, out);
}
