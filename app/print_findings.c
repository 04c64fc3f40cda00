/* What was found is worth as much as what is said about what was not looked at. */
#include "app/print_findings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/print_tree.h"
#include "app/quantity.h"
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

/* Each reason once, with those that it kept from seeing all. */
static void
put_incomplete(struct screen *screen, const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct looked_fact *row = &facts->facts[i].as.looked;
		struct text names = text_new(screen->job);
		const char *list;
		bool first = true;

		if (facts->facts[i].kind != FACT_looked || row->complete == 1)
			continue;
		for (size_t j = 0; j < facts->count; j++) {
			const struct looked_fact *other = &facts->facts[j].as.looked;

			if (facts->facts[j].kind != FACT_looked || other->complete == 1 ||
			    strcmp(other->reason == NULL ? "" : other->reason,
				row->reason == NULL ? "" : row->reason) != 0)
				continue;
			if (j < i) {
				first = false;
				break;
			}
			text_printf(&names, "%s%s", names.size == 0 ? "" : ", ", other->kind);
		}
		if (!first)
			continue;
		if (text_finish(&names, &list) != STATUS_OK) {
			screen->out.failed = true;
			return;
		}
		screen_line(screen, 2,
		    arena_printf(screen->job, "%s: %s (%s)",
			screen_words(screen, "not looked at whole"), list,
			row->reason == NULL ? "" : row->reason));
	}
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
	put_incomplete(screen, findings->facts);
	if (count == 0 && findings->complete)
		screen_line(screen, 2, screen_words(screen, "No part of the image stayed unread."));
	if (findings->elsewhere != 0)
		screen_line(screen, 2,
		    arena_printf(screen->job,
			screen_words(screen,
			    "Questions that need the dossier or a unit, as \"hopquy test\" takes "
			    "them: %zu."),
			findings->elsewhere));
	return STATUS_OK;
}

static void
put_top(struct screen *screen, const struct image_findings *findings, const char *name,
    uint64_t image_bytes)
{
	const struct assessment *assessment = screen->assessment;

	screen_paragraph(screen, 0, 2, "",
	    arena_printf(screen->job, "%s, %s %s, SHA-256 %.16s…", name,
		quantity_grouped(screen->job, image_bytes, screen->options->language),
		screen_words(screen, "bytes"), findings->facts->facts[0].as.subject.sha256));
	screen_labelled(screen, 0, "Standard", assessment->profile->regulation);
	if (assessment->trial)
		text_put(&screen->out, TRIAL_BANNER_EN " / " TRIAL_BANNER_VI "\n");
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
	json_member_integer(json, "questions_elsewhere", (int64_t)findings->elsewhere);
	json_member_boolean(json, "complete", findings->complete);
	json_close_object(json);
	json_newline(json);
}

enum status
print_findings_json(struct job *job, const struct image_findings *findings, int language)
{
	struct json json = json_new(job);
	const struct fact **unread;
	const char *out;
	size_t count;

	TRY(report_findings_json(
	    job, findings->assessment, findings->groups, findings->group_count, language, &out));
	say("%s", out);
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
