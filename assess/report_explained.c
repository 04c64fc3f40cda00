/* A statement of the supplier is shown with what it is about, whatever became of it. */
#include "assess/found.h"
#include "assess/report_screen.h"

#include <string.h>

#include "base/arena.h"

enum { PLACES_MAX = 6 }; /* shown of one check */

void
screen_explained(struct screen *screen)
{
	const struct assessment *assessment = screen->assessment;

	if (assessment->explained.open + assessment->explained.accepted +
		assessment->explained.refused + (int64_t)assessment->idle_explanation_count ==
	    0)
		return;
	screen_labelled(screen, 0, "Findings that the supplier explained",
	    arena_printf(screen->job, "%s %lld, %s %lld, %s %lld, %s %zu",
		screen_words(screen, "not ruled on yet"), (long long)assessment->explained.open,
		screen_words(screen, "accepted by a tester"),
		(long long)assessment->explained.accepted,
		screen_words(screen, "refused by a tester"),
		(long long)assessment->explained.refused,
		screen_words(screen, "about nothing that fails"),
		assessment->idle_explanation_count));
}

static bool
is_explained(const void *context, const struct finding *finding)
{
	(void)context;
	return finding->explanation != UNEXPLAINED;
}

/* Where, what stands there, what was found; a statement once below the places it is about. */
static void
put_place(struct screen *screen, const struct found *found, const struct found *next)
{
	const struct finding *finding = found_first(found);
	int language = screen->options->language;
	const char *ruling = report_ruling(screen->job, language, finding), *ids = "", *after = "";

	for (size_t i = 0; i < found->bearing_count && ids != NULL; i++)
		ids = arena_printf(screen->job, "%s%s%s (%s)", ids, i == 0 ? "" : ", ",
		    found->bearings[i].finding->id,
		    found->bearings[i].requirement->requirement->id);
	screen_labelled(screen, 4, "where", report_place(screen->job, language, finding->place));
	screen_excerpt(screen, 6, finding->excerpt);
	if (finding->detail != NULL && finding->detail[0] != '\0')
		screen_line(screen, 6, report_detail(screen->job, language, finding));
	screen_labelled(screen, 6, "findings' ids", ids);
	if (next != NULL)
		after = report_ruling(screen->job, language, found_first(next));
	if (ruling == NULL || after == NULL || strcmp(ruling, after) != 0)
		screen_paragraph(screen, 4, 6, "— ", ruling);
}

static void
put_explained(struct screen *screen, const struct found_group *group)
{
	size_t shown = group->found_count < PLACES_MAX ? group->found_count : PLACES_MAX;
	const char *claim = group->check, *remedy, *source;

	check_texts(screen->assessment, group->check, &claim, &remedy, &source);
	screen_labelled(screen, 0, "Not met", screen_words(screen, claim));
	for (size_t i = 0; i < shown; i++)
		put_place(screen, &group->found[i], i + 1 < shown ? &group->found[i + 1] : NULL);
	if (group->found_count > shown)
		text_printf(&screen->out, "    + %zu %s\n", group->found_count - shown,
		    screen_words(screen, "more, all in the JSON form of this report"));
}

enum status
screen_explanations(struct screen *screen)
{
	struct found_group *groups;
	size_t count;

	TRY(found_collect(screen->job, screen->assessment, is_explained, NULL, &groups, &count));
	if (count != 0)
		screen_heading(screen, "What the supplier explains");
	for (size_t i = 0; i < count; i++)
		put_explained(screen, &groups[i]);
	return STATUS_OK;
}
