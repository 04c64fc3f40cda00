/* Findings keep their ids from build to build, so that an old fail is told from a new one. */
#include "app/case_baseline.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/message.h"

struct ids {
	const char **items;
	size_t count;
};

static int
compare_ids(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Every row that says FAIL, whatever people said about it. */
static enum status
gather(struct job *job, const struct assessment *assessment, struct ids *ids)
{
	size_t room = 0;

	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++)
			room += assessment->requirements[i].rules[j].finding_count;
	ids->items = arena_array(job, room, sizeof *ids->items);
	if (ids->items == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++) {
			const struct rule_result *rule = &assessment->requirements[i].rules[j];

			for (size_t k = 0; k < rule->finding_count; k++)
				if (rule->findings[k].verdict == VERDICT_FAIL)
					ids->items[ids->count++] = rule->findings[k].id;
		}
	if (ids->count > 1)
		qsort(ids->items, ids->count, sizeof *ids->items, compare_ids);
	return STATUS_OK;
}

static enum status
read_baseline(struct work *work, const char *path, struct ids *ids)
{
	struct work old = {.job = work->job, .path = path, .language = work->language};
	struct assessment assessment;
	enum status status;
	bool same;

	TRY(work_open(&old, false));
	status = work_replay(&old, &assessment, &same);
	case_close(old.file);
	TRY(status);
	return gather(work->job, &assessment, ids);
}

static void
tell_new(const struct work *work, const struct finding *finding)
{
	tell(message(work->language, "hopquy: fails, and is not in the baseline: %s %s\n"),
	    finding->id, finding->check == NULL ? finding->procedure : finding->check);
}

enum status
case_new_failures(
    struct work *work, const char *baseline, const struct assessment *assessment, size_t *count)
{
	struct ids ids = {0};

	*count = 0;
	TRY(read_baseline(work, baseline, &ids));
	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++) {
			const struct rule_result *rule = &assessment->requirements[i].rules[j];

			for (size_t k = 0; k < rule->finding_count; k++) {
				const struct finding *finding = &rule->findings[k];

				if (finding_weight(finding) != VERDICT_FAIL ||
				    bsearch(&finding->id, ids.items, ids.count, sizeof *ids.items,
					compare_ids) != NULL)
					continue;
				tell_new(work, finding);
				(*count)++;
			}
		}
	return STATUS_OK;
}
