/* A statement of the supplier is shown with what it is about, whatever became of it. */
#include "assess/found.h"
#include "assess/report_screen.h"

#include <string.h>

#include "base/arena.h"

enum { EXPLAINED_MAX = 24 }; /* shown on a terminal */

void
screen_explained(struct screen *screen)
{
	const struct assessment *assessment = screen->assessment;

	if (assessment->explained.open + assessment->explained.accepted +
		assessment->explained.refused ==
	    0)
		return;
	screen_labelled(screen, 0, "Findings that the supplier explained",
	    arena_printf(screen->job, "%s %lld, %s %lld, %s %lld", screen_words(screen, "open"),
		(long long)assessment->explained.open, screen_words(screen, "accepted by a tester"),
		(long long)assessment->explained.accepted, screen_words(screen, "refused"),
		(long long)assessment->explained.refused));
}

static bool
is_explained(const void *context, const struct finding *finding)
{
	(void)context;
	return finding->explanation != UNEXPLAINED;
}

static void
put_explained(struct screen *screen, const struct found_group *group, const struct found *found)
{
	const struct finding *finding = found_first(found);
	const char *claim = group->check, *remedy, *source, *ids = "";
	int language = screen->options->language;

	check_texts(screen->assessment, group->check, &claim, &remedy, &source);
	for (size_t i = 0; i < found->bearing_count && ids != NULL; i++)
		ids = arena_printf(screen->job, "%s%s%s (%s)", ids, i == 0 ? "" : ", ",
		    found->bearings[i].finding->id,
		    found->bearings[i].requirement->requirement->id);
	screen_labelled(screen, 0, "Not met", screen_words(screen, claim));
	screen_labelled(screen, 4, "where", report_place(screen->job, language, finding->place));
	screen_excerpt(screen, 6, finding->excerpt);
	if (finding->detail != NULL && finding->detail[0] != '\0')
		screen_line(screen, 6, report_translate(screen->job, language, finding->detail));
	screen_paragraph(screen, 4, 6, "— ", report_ruling(screen->job, language, finding));
	screen_labelled(screen, 4, "findings", ids);
}

enum status
screen_explanations(struct screen *screen)
{
	struct found_group *groups;
	size_t count, shown = 0, all = 0;

	TRY(found_collect(screen->job, screen->assessment, is_explained, NULL, &groups, &count));
	if (count != 0)
		screen_heading(screen, "What the supplier explains");
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < groups[i].found_count; j++, all++)
			if (shown < EXPLAINED_MAX) {
				put_explained(screen, &groups[i], &groups[i].found[j]);
				shown++;
			}
	if (all > shown)
		text_printf(&screen->out, "+ %zu %s\n", all - shown,
		    screen_words(screen, "more, all in the JSON form of this report"));
	return STATUS_OK;
}
