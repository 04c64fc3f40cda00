/* What the supplier says about findings stands beside them, as a statement and not as a verdict. */
#include "assess/found.h"
#include "assess/report_page.h"

enum { EXPLAINED_MAX = 100 }; /* shown in the section; all of them are in the JSON form */

static bool
is_explained(const void *context, const struct finding *finding)
{
	(void)context;
	return finding->explanation != UNEXPLAINED;
}

static void
put_explained(struct page *page, const struct found_group *group, const struct found *found)
{
	const struct finding *finding = found_first(found);
	const char *claim = group->check, *remedy, *source;
	const char *ruling = report_ruling(page->job, page->options->language, finding);

	page->out.failed |= !ruling;
	check_texts(page->assessment, group->check, &claim, &remedy, &source);
	text_put(&page->out, "<article class=\"explained\">\n<h3>");
	page_say(page, claim);
	text_put(&page->out, "</h3>\n<p class=\"clauses\"><span>");
	page_say(page, "clauses it bears on");
	text_put(&page->out, "</span>");
	for (size_t i = 0; i < found->bearing_count; i++) {
		text_put(&page->out, " <b>");
		page_data(page, found->bearings[i].requirement->requirement->id);
		text_put(&page->out, "</b>");
	}
	text_put(&page->out, "</p>\n<div>");
	page_place(page, finding->place);
	page_excerpt(page, finding->excerpt);
	page_found(page, finding->detail);
	text_put(&page->out, "</div>\n<p class=\"said\">");
	page_data(page, ruling ? ruling : "");
	text_put(&page->out, "</p>\n</article>\n");
}

enum status
page_explanations(struct page *page)
{
	struct found_group *groups;
	size_t count, shown = 0, all = 0;

	TRY(found_collect(page->job, page->assessment, is_explained, NULL, &groups, &count));
	if (count == 0)
		return STATUS_OK;
	text_put(&page->out, "<section>\n");
	page_element(page, "h2", NULL, "What the supplier explains");
	page_element(page, "p", "lead",
	    "An explanation is a statement: what it is about stays a finding, and counts as open "
	    "until a tester has accepted it with evidence.");
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < groups[i].found_count; j++, all++)
			if (shown < EXPLAINED_MAX) {
				put_explained(page, &groups[i], &groups[i].found[j]);
				shown++;
			}
	page_more(page, "p", all - shown);
	text_put(&page->out, "</section>\n");
	return STATUS_OK;
}
