/* What was found is worth as much as what is said about what was not looked at. */
#include "app/print_findings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/print_tree.h"
#include "app/quantity.h"
#include "app/update_check.h"
#include "app/words.h"
#include "assess/report_findings.h"
#include "assess/report_screen.h"
#include "base/arena.h"
#include "base/message.h"

enum { UNREAD_MAX = 8 }; /* parts named on a terminal */

/* A part of the image that nobody read; padding has nothing to read. */
static bool
is_unread(const struct fact *fact)
{
	const char *coverage = fact->kind == FACT_region ? fact->as.region.coverage : NULL;

	return coverage != NULL && strcmp(coverage, "read") != 0 &&
	       strcmp(coverage, "padding") != 0;
}

static int
compare_sizes(const void *left, const void *right)
{
	const struct fact *a = *(const struct fact *const *)left,
			  *b = *(const struct fact *const *)right;
	int order =
	    (a->as.region.bytes < b->as.region.bytes) - (a->as.region.bytes > b->as.region.bytes);

	return order != 0 ? order : (a->fact > b->fact) - (a->fact < b->fact);
}

/* Unread parts, the largest first. */
static enum status
list_unread(
    struct job *job, const struct fact_list *facts, const struct fact ***unread, size_t *count)
{
	size_t room = 0;

	for (size_t i = 0; i < facts->count; i++)
		room += is_unread(&facts->facts[i]);
	*count = 0;
	*unread = arena_array(job, room, sizeof **unread);
	if (*unread == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < facts->count; i++)
		if (is_unread(&facts->facts[i]))
			(*unread)[(*count)++] = &facts->facts[i];
	if (*count > 1)
		qsort(*unread, *count, sizeof **unread, compare_sizes);
	return STATUS_OK;
}

static const char *
why_unread(const char *coverage)
{
	if (strcmp(coverage, "gap") == 0)
		return "not recognised";
	return strcmp(coverage, "unsupported") == 0 ? "not supported" : coverage;
}

static void
put_unread(struct screen *screen, const struct fact *fact)
{
	const struct region_fact *region = &fact->as.region;
	const char *bytes = quantity_bytes(screen->job,
	    region->bytes < 0 ? 0 : (uint64_t)region->bytes, screen->options->language);

	screen_line(screen, 2,
	    bytes == NULL
		? NULL
		: arena_printf(screen->job, "%s 0x%" PRIx64 ", %s: %s%s%s%s%s",
		      screen_words(screen, "at offset"),
		      fact->offset == UNKNOWN ? 0 : (uint64_t)fact->offset, bytes,
		      screen_words(screen, why_unread(region->coverage)),
		      region->format == NULL || region->format[0] == '\0' ? "" : ", ",
		      region->format == NULL ? "" : region->format, fact->path == NULL ? "" : ", ",
		      fact->path == NULL ? "" : fact->path));
}

static const struct looked_fact *
incomplete(const struct fact_list *facts, size_t i)
{
	const struct fact *fact = &facts->facts[i];

	return fact->kind == FACT_looked && fact->as.looked.complete != 1 ? &fact->as.looked : NULL;
}

static bool
has_reason(const struct looked_fact *row, const char *reason)
{
	return row != NULL && strcmp(row->reason == NULL ? "" : row->reason, reason) == 0;
}

/* Before the row at `end`: one of this reason, and of this kind unless that is NULL. */
static bool
was_told(const struct fact_list *facts, size_t end, const char *reason, const char *kind)
{
	for (size_t i = 0; i < end; i++) {
		const struct looked_fact *row = incomplete(facts, i);

		if (has_reason(row, reason) && (kind == NULL || strcmp(row->kind, kind) == 0))
			return true;
	}
	return false;
}

/* What one reason kept from being seen whole, each kind once; *all: and there is no other reason.
 */
static enum status
list_kinds(struct job *job, const struct fact_list *facts, const char *reason, const char **list,
    size_t *count, bool *all)
{
	struct text names = text_new(job);

	*count = 0;
	*all = true;
	for (size_t i = 0; i < facts->count; i++) {
		const struct looked_fact *row = incomplete(facts, i);

		if (row != NULL && !has_reason(row, reason))
			*all = false;
		if (has_reason(row, reason) && !was_told(facts, i, reason, row->kind))
			text_printf(&names, "%s%s", (*count)++ == 0 ? "" : ", ", row->kind);
	}
	return text_finish(&names, list);
}

enum { KINDS_MAX = 3 }; /* that one reason is worth naming for, when it is the only one */

/* Each reason once, with what it kept from being seen. */
static enum status
put_incomplete(struct screen *screen, const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct looked_fact *row = incomplete(facts, i);
		const char *reason = row == NULL || row->reason == NULL ? "" : row->reason, *list;
		size_t count;
		bool all;

		if (row == NULL || was_told(facts, i, reason, NULL))
			continue;
		TRY(list_kinds(screen->job, facts, reason, &list, &count, &all));
		if (all && count > KINDS_MAX)
			list = arena_printf(screen->job,
			    screen_words(screen,
				"%zu kinds of facts; what was not found of them does not count as "
				"absent"),
			    count);
		screen_line(screen, 2,
		    list == NULL ? NULL
				 : arena_printf(screen->job, "%s: %s (%s)",
				       screen_words(screen, "not looked at whole"), list, reason));
	}
	return STATUS_OK;
}

static enum status
put_not_looked(struct screen *screen, const struct image_findings *findings)
{
	const struct fact **unread;
	size_t count;

	TRY(list_unread(screen->job, findings->facts, &unread, &count));
	screen_heading(screen, "What was not looked at");
	for (size_t i = 0; i < count && i < UNREAD_MAX; i++)
		put_unread(screen, unread[i]);
	if (count > UNREAD_MAX)
		screen_line(screen, 2,
		    arena_printf(screen->job, "+ %zu %s", count - UNREAD_MAX,
			screen_words(screen, "more; --json has them all")));
	TRY(put_incomplete(screen, findings->facts));
	if (count == 0 && findings->complete)
		screen_line(screen, 2, screen_words(screen, "No part of the image stayed unread."));
	return STATUS_OK;
}

static bool
needs_subject(const struct check *check, const char *subject)
{
	for (size_t i = 0; i < check->need_count; i++)
		if (strcmp(check->needs[i].subject, subject) == 0)
			return true;
	return false;
}

static void
put_elsewhere(struct screen *screen, const struct image_findings *findings)
{
	if (findings->elsewhere_count == 0)
		return;
	screen_heading(screen, "What the dossier or a unit answers, as \"hopquy test\" takes them");
	for (size_t i = 0; i < findings->elsewhere_count; i++) {
		const struct check *check = findings->elsewhere[i];
		bool dossier = needs_subject(check, "dossier"), unit = needs_subject(check, "unit");

		screen_line(screen, 2,
		    arena_printf(screen->job, "%s: %s", check->name,
			screen_words(screen, dossier && unit ? "the dossier, a unit"
					     : dossier       ? "the dossier"
							     : "a unit")));
	}
}

static void
put_top(struct screen *screen, const struct image_findings *findings, const char *name,
    uint64_t image_bytes)
{
	const struct assessment *assessment = screen->assessment;
	struct update_answer signature;

	screen_paragraph(screen, 0, 2, "",
	    arena_printf(screen->job, "%s, %s %s, SHA-256 %.16s…", words_clean(screen->job, name),
		quantity_grouped(screen->job, image_bytes, screen->options->language),
		screen_words(screen, "bytes"), findings->facts->facts[0].as.subject.sha256));
	screen_labelled(screen, 0, "Standard", assessment->profile->regulation);
	if (assessment->trial)
		text_put(&screen->out, TRIAL_BANNER_EN " / " TRIAL_BANNER_VI "\n");
	signature = update_answer_of(findings->facts);
	screen_labelled(screen, 0, "As an update",
	    arena_printf(screen->job, "%s. %s", screen_words(screen, signature.headline),
		screen_words(screen, signature.reason)));
	screen_line(screen, 0,
	    arena_printf(screen->job,
		screen_words(screen,
		    "Found to fail: %zu. Open questions: %zu. Checks that look at images: %zu."),
		findings->failed, findings->questions, findings->checks));
}

static enum status
put_groups(struct screen *screen, const struct image_findings *findings, enum verdict weight,
    const char *heading)
{
	const char *part;

	TRY(report_findings(screen->job, screen->assessment, findings->groups,
	    findings->group_count, weight, screen->options, screen->colour, &part));
	if (part[0] == '\0')
		return STATUS_OK;
	screen_heading(screen, heading);
	text_put(&screen->out, part);
	return STATUS_OK;
}

enum status
print_findings(struct job *job, const struct image_findings *findings, uint64_t image_bytes,
    const char *name, int language)
{
	struct report_options options = {.language = language};
	struct screen screen = {job, findings->assessment, &options, wants_colour(), text_new(job)};
	const char *out;

	put_top(&screen, findings, name, image_bytes);
	TRY(put_groups(&screen, findings, VERDICT_FAIL, "What fails"));
	TRY(put_groups(&screen, findings, VERDICT_INCONCLUSIVE, "What the image leaves open"));
	put_elsewhere(&screen, findings);
	TRY(put_not_looked(&screen, findings));
	TRY(text_finish(&screen.out, &out));
	say("%s", out);
	TRY(print_coverage(job, findings->facts, image_bytes, language));
	screen.out = text_new(job);
	text_put(&screen.out, "\n");
	screen_line(&screen, 0,
	    screen_words(&screen,
		"What is not told here is not passed: an image alone can fail a clause, never "
		"meet it."));
	TRY(text_finish(&screen.out, &out));
	say("%s", out);
	return STATUS_OK;
}

static void
put_unread_json(struct json *json, const struct fact *fact)
{
	json_open_object(json);
	json_member_string(json, "is", "unread");
	json_member_string(json, "why", fact->as.region.coverage);
	json_member_string(json, "path", fact->path);
	if (fact->offset != UNKNOWN)
		json_member_integer(json, "offset", fact->offset);
	json_member_integer(json, "bytes", fact->as.region.bytes);
	json_member_string(json, "format", fact->as.region.format);
	json_member_string(json, "detail", fact->as.region.detail);
	json_close_object(json);
	json_newline(json);
}

static void
put_incomplete_json(struct json *json, const struct fact *fact)
{
	json_open_object(json);
	json_member_string(json, "is", "incomplete");
	json_member_string(json, "kind", fact->as.looked.kind);
	json_member_string(json, "source", fact->as.looked.from_source);
	json_member_string(json, "reason", fact->as.looked.reason);
	json_close_object(json);
	json_newline(json);
}

static void
put_elsewhere_json(struct json *json, const struct check *check)
{
	static const char *const subjects[] = {"dossier", "unit"};

	json_open_object(json);
	json_member_string(json, "is", "elsewhere");
	json_member_string(json, "check", check->name);
	json_member_string(json, "claim", check->claim);
	json_name(json, "needs");
	json_open_array(json);
	for (size_t i = 0; i < ARRAY_SIZE(subjects); i++)
		if (needs_subject(check, subjects[i]))
			json_string(json, subjects[i]);
	json_close_array(json);
	json_close_object(json);
	json_newline(json);
}

static void
put_summary_json(struct json *json, const struct image_findings *findings)
{
	const struct subject_fact *subject = &findings->facts->facts[0].as.subject;

	json_open_object(json);
	json_member_string(json, "is", "summary");
	json_member_string(json, "image", subject->name);
	json_member_string(json, "sha256", subject->sha256);
	json_member_integer(json, "bytes", subject->bytes);
	json_member_string(json, "profile", findings->assessment->profile->id);
	json_member_boolean(json, "trial", findings->assessment->trial);
	json_member_integer(json, "checks", (int64_t)findings->checks);
	json_member_integer(json, "failed", (int64_t)findings->failed);
	json_member_integer(json, "questions", (int64_t)findings->questions);
	json_member_integer(json, "questions_elsewhere", (int64_t)findings->elsewhere_count);
	json_member_string(json, "signature", update_answer_of(findings->facts).name);
	json_member_boolean(json, "complete", findings->complete);
	json_close_object(json);
	json_newline(json);
}

enum status
print_findings_json(struct job *job, const struct image_findings *findings)
{
	struct json json = json_new(job);
	const struct fact **unread;
	const char *out;
	size_t count;

	TRY(report_findings_json(
	    job, findings->assessment, findings->groups, findings->group_count, &out));
	say("%s", out);
	for (size_t i = 0; i < findings->elsewhere_count; i++)
		put_elsewhere_json(&json, findings->elsewhere[i]);
	TRY(list_unread(job, findings->facts, &unread, &count));
	for (size_t i = 0; i < count; i++)
		put_unread_json(&json, unread[i]);
	for (size_t i = 0; i < findings->facts->count; i++)
		if (findings->facts->facts[i].kind == FACT_looked &&
		    findings->facts->facts[i].as.looked.complete != 1)
			put_incomplete_json(&json, &findings->facts->facts[i]);
	put_summary_json(&json, findings);
	TRY(json_finish(&json, &out));
	say("%s", out);
	return STATUS_OK;
}
