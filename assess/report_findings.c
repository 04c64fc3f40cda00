/* A finding is of use when it says where to look, why it matters and what to change. */
#include "assess/report_findings.h"

#include <inttypes.h>
#include <string.h>

#include "assess/report_screen.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/message.h"

enum {
	PLACES_MAX = 6,  /* of one check, on a terminal */
	CLAUSES_MAX = 8, /* named after the first */
};

/* "0.squashfs/etc/shadow at 0x1f" without the name of the image, which stands at the top. */
static const char *
place_of(struct job *job, const struct screen *screen, const struct finding *finding)
{
	if (finding->path == NULL || finding->path[0] == '\0')
		return report_place(job, screen->options->language, finding->place);
	if (finding->offset == UNKNOWN)
		return finding->path;
	return arena_printf(job, "%s %s 0x%" PRIx64, finding->path,
	    screen_words(screen, "at offset"), (uint64_t)finding->offset);
}

/* Below a place all that was found there. */
static void
put_found(struct screen *screen, const struct found *found, const char **last)
{
	const struct finding *finding = found_first(found);
	const char *place = place_of(screen->job, screen, finding);
	const char *detail = report_detail(screen->job, screen->options->language, finding);

	if (place == NULL || detail == NULL) {
		screen->out.failed = true;
		return;
	}
	if (strcmp(place, *last) != 0) {
		screen_paragraph(screen, 4, 8, "", place);
		screen_excerpt(screen, 6, finding->excerpt);
	}
	*last = place;
	screen_line(screen, 6,
	    arena_printf(
		screen->job, "%s%s[%s]", detail, detail[0] != '\0' ? " " : "", finding->id));
}

/* The first clause with its title; the others by their ids. */
static void
put_clauses(struct screen *screen, const struct found_group *group)
{
	const struct profile_requirement *first = group->requirements[0]->requirement;
	const char *clause = screen_clause(screen, first);
	const char *title = report_choose(first->title, screen->options->language);

	screen_labelled(screen, 4, "clause",
	    clause == NULL ? NULL : arena_printf(screen->job, "%s: %s", clause, title));
	if (group->requirement_count > 1)
		screen_labelled(screen, 4, "further clauses",
		    screen_clauses(screen, group->requirements + 1, group->requirement_count - 1,
			CLAUSES_MAX));
}

/* Checks that say the same of what stands here. */
static void
put_further_checks(struct screen *screen, const struct found_group *group)
{
	const char *last = group->check;

	for (size_t i = 0; i < group->found_count; i++)
		for (size_t j = 0; j < group->found[i].bearing_count; j++) {
			const char *check = group->found[i].bearings[j].finding->check;

			if (strcmp(check, group->check) != 0 && strcmp(check, last) != 0)
				screen_labelled(screen, 4, "says the same", check);
			if (strcmp(check, group->check) != 0)
				last = check;
		}
}

static void
put_group(struct screen *screen, const struct found_group *group, size_t number)
{
	const char *claim = group->check, *remedy = NULL, *source = NULL, *last = "";
	const char *words = group->weight == VERDICT_FAIL ? "Not met" : "Cannot be told";

	check_texts(screen->assessment, group->check, &claim, &remedy, &source);
	text_put(&screen->out, "\n");
	screen_start_colour(screen, group->weight);
	screen_paragraph(screen, 0, 4,
	    arena_printf(screen->job, "%2zu. %s: ", number, screen_words(screen, words)),
	    screen_words(screen, claim));
	screen_end_colour(screen);
	for (size_t i = 0; i < group->found_count && i < PLACES_MAX; i++)
		put_found(screen, &group->found[i], &last);
	if (group->found_count > PLACES_MAX)
		screen_line(screen, 4,
		    arena_printf(screen->job, "+ %zu %s", group->found_count - PLACES_MAX,
			screen_words(screen, "more; --json has them all")));
	put_clauses(screen, group);
	if (remedy != NULL)
		screen_labelled(screen, 4, "remedy", screen_words(screen, remedy));
	screen_labelled(screen, 4, "check",
	    source == NULL ? group->check
			   : arena_printf(screen->job, "%s (%s)", group->check, source));
	put_further_checks(screen, group);
}

enum status
report_findings(struct job *job, const struct assessment *assessment,
    const struct found_group *groups, size_t count, enum verdict weight,
    const struct report_options *options, bool colour, const char **out)
{
	struct screen screen = {job, assessment, options, colour, text_new(job)};
	size_t number = 0;

	for (size_t i = 0; i < count; i++)
		if (groups[i].weight == weight)
			put_group(&screen, &groups[i], ++number);
	return text_finish(&screen.out, out);
}

static void
put_bearings(struct json *json, const struct found *found)
{
	json_name(json, "clauses");
	json_open_array(json);
	for (size_t i = 0; i < found->bearing_count; i++) {
		const struct bearing *bearing = &found->bearings[i];
		const struct profile_requirement *requirement = bearing->requirement->requirement;

		json_open_object(json);
		json_member_string(json, "id", requirement->id);
		json_member_string(json, "provision", requirement->provision);
		json_member_boolean(json, "mandatory", requirement->mandatory);
		json_member_string(json, "test_case", bearing->rule->rule->test_case);
		json_member_string(json, "finding", bearing->finding->id);
		json_member_string(json, "check", bearing->finding->check);
		json_close_object(json);
	}
	json_close_array(json);
}

static void
put_json(struct json *json, const struct assessment *assessment, const struct found_group *group,
    const struct found *found)
{
	const struct finding *finding = found_first(found);
	const char *claim = NULL, *remedy = NULL, *source = NULL;

	check_texts(assessment, group->check, &claim, &remedy, &source);
	json_open_object(json);
	json_member_string(json, "is", "finding");
	json_member_string(json, "verdict", verdict_name(group->weight));
	json_member_string(json, "check", group->check);
	json_member_string(json, "claim", claim);
	json_member_string(json, "path", finding->path);
	if (finding->offset != UNKNOWN)
		json_member_integer(json, "offset", finding->offset);
	else
		json_name(json, "offset"), json_null(json);
	json_member_string(json, "excerpt", finding->excerpt);
	json_member_string(json, "detail", finding->detail);
	put_bearings(json, found);
	json_member_string(json, "remedy", remedy);
	json_member_string(json, "source", source);
	json_close_object(json);
	json_newline(json);
}

enum status
report_findings_json(struct job *job, const struct assessment *assessment,
    const struct found_group *groups, size_t count, const char **out)
{
	struct json json = json_new(job);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < groups[i].found_count; j++)
			put_json(&json, assessment, &groups[i], &groups[i].found[j]);
	return json_finish(&json, out);
}
