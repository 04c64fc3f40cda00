/* What the supplier says about findings stands beside them, as a statement and not as a verdict. */
#include "assess/found.h"
#include "assess/report_page.h"

#include <string.h>

enum { PLACES_MAX = 12 }; /* shown of one check; all of them are in the JSON form */

static bool
is_explained(const void *context, const struct finding *finding)
{
	(void)context;
	return finding->explanation != UNEXPLAINED;
}

static void
put_place(struct page *page, const struct found *found)
{
	const struct finding *finding = found_first(found);

	text_put(&page->out, "<li>");
	page_place(page, finding->place);
	page_excerpt(page, finding->excerpt);
	page_found(page, finding);
	text_put(&page->out, "<small class=\"ids\">");
	for (size_t i = 0; i < found->bearing_count; i++) {
		text_put(&page->out, i == 0 ? "" : ", ");
		page_data(page, found->bearings[i].finding->id);
	}
	text_put(&page->out, "</small>");
	text_put(&page->out, "</li>\n");
}

static const char *
ruling_of(struct page *page, const struct found *found)
{
	const char *ruling = report_ruling(page->job, page->options->language, found_first(found));

	page->out.failed |= !ruling;
	return ruling ? ruling : "";
}

/* A statement stands once below the places it is about. */
static void
put_places(struct page *page, const struct found_group *group)
{
	size_t shown = group->found_count < PLACES_MAX ? group->found_count : PLACES_MAX;

	text_put(&page->out, "<ul class=\"places\">\n");
	for (size_t i = 0; i < shown; i++) {
		const char *ruling = ruling_of(page, &group->found[i]);

		put_place(page, &group->found[i]);
		if (i + 1 < shown && strcmp(ruling, ruling_of(page, &group->found[i + 1])) == 0)
			continue;
		text_put(&page->out, "<li class=\"said\">");
		page_data(page, ruling);
		text_put(&page->out, "</li>\n");
	}
	page_more(page, "li", group->found_count - shown);
	text_put(&page->out, "</ul>\n");
}

static void
put_explained(struct page *page, const struct found_group *group)
{
	const char *claim = group->check, *remedy = NULL, *source;

	check_texts(page->assessment, group->check, &claim, &remedy, &source);
	text_put(&page->out, "<article class=\"explained\">\n<h3><i>");
	page_say(page, "Not met");
	text_put(&page->out, ":</i> ");
	page_say(page, claim);
	text_put(&page->out, "</h3>\n<p class=\"clauses\"><span>");
	page_say(page, "clauses it bears on");
	text_put(&page->out, "</span>");
	for (size_t i = 0; i < group->requirement_count; i++) {
		text_put(&page->out, " <b>");
		page_data(page, group->requirements[i]->requirement->id);
		text_put(&page->out, "</b>");
	}
	text_put(&page->out, "</p>\n");
	put_places(page, group);
	if (remedy) {
		text_put(&page->out, "<p class=\"remedy\"><b>");
		page_say(page, "Remedy");
		text_put(&page->out, "</b> ");
		page_say(page, remedy);
		text_put(&page->out, "</p>\n");
	}
	text_put(&page->out, "</article>\n");
}

enum status
page_explanations(struct page *page)
{
	struct found_group *groups;
	size_t count;

	TRY(found_collect(page->job, page->assessment, is_explained, NULL, &groups, &count));
	if (count == 0)
		return STATUS_OK;
	text_put(&page->out, "<section>\n");
	page_element(page, "h2", NULL, "What the supplier explains");
	page_element(page, "p", "lead",
	    "An explanation is a statement: what it is about stays a finding, and counts as open "
	    "until a tester has accepted it with evidence.");
	for (size_t i = 0; i < count; i++)
		put_explained(page, &groups[i]);
	text_put(&page->out, "</section>\n");
	return STATUS_OK;
}
