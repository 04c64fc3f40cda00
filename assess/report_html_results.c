/* Every requirement with its rules, findings and facts: what the verdict rests on, row by row. */
#include "assess/report_page.h"

#include <string.h>

enum { ROWS_MAX = 12, PASSES_MAX = 2 }; /* findings of one check shown, of each verdict */

void
page_clause(struct page *page, const struct profile_requirement *requirement)
{
	text_put(&page->out, "<span class=\"clause\">");
	page_data(page, requirement->id);
	if (requirement->provision && *requirement->provision) {
		text_put(&page->out, " · EN 303 645 ");
		page_data(page, requirement->provision);
	}
	text_put(&page->out, "</span>");
}

void
page_title(struct page *page, const char *const title[2])
{
	page_data(page, report_choose(title, page->options->language));
}

static void
put_ids(struct page *page, const struct finding *finding)
{
	text_put(&page->out, "<span class=\"ids\">");
	if (finding->fact != 0) {
		page_say(page, "fact");
		text_printf(&page->out, " %lld · ", (long long)finding->fact);
	}
	page_say(page, "finding");
	text_put(&page->out, " <span class=\"mono\">");
	page_data(page, finding->id);
	text_put(&page->out, "</span>");
	if (finding->check && finding->exchange != 0) {
		text_put(&page->out, " · ");
		page_say(page, "exchange");
		text_printf(&page->out, " %lld", (long long)finding->exchange);
	}
	text_put(&page->out, "</span>");
}

void
page_place(struct page *page, const char *place)
{
	const char *words = report_place(page->job, page->options->language, place);

	page->out.failed |= !words;
	if (!words || !*words)
		return;
	text_put(&page->out, "<span class=\"place\">");
	page_data(page, words);
	text_put(&page->out, "</span>");
}

void
page_found(struct page *page, const struct finding *finding)
{
	const char *detail = report_detail(page->job, page->options->language, finding);

	page->out.failed |= !detail;
	if (!detail || !*detail)
		return;
	text_put(&page->out, "<span class=\"detail\">");
	page_data(page, detail);
	text_put(&page->out, "</span>");
}

void
page_excerpt(struct page *page, const char *excerpt)
{
	if (!excerpt || !*excerpt)
		return;
	text_put(&page->out, "<code class=\"excerpt\">");
	page_data(page, excerpt);
	text_put(&page->out, "</code>");
}

void
page_more(struct page *page, const char *tag, size_t count)
{
	if (count == 0)
		return;
	text_printf(&page->out, "<%s class=\"more\">+ %zu ", tag, count);
	page_say(page, "more, all in the JSON form of this report");
	text_printf(&page->out, "</%s>\n", tag);
}

static void
put_ruling(struct page *page, const struct finding *finding)
{
	const char *ruling = report_ruling(page->job, page->options->language, finding);

	page->out.failed |= !ruling;
	if (!ruling || !*ruling)
		return;
	text_put(&page->out, "<span class=\"note\">");
	page_data(page, ruling);
	text_put(&page->out, "</span>");
}

static void
put_finding(struct page *page, const struct rule_result *rule, const struct finding *finding)
{
	text_printf(&page->out, "<li class=\"%s\">", finding_stands(finding) ? "stands" : "past");
	page_verdict(page, report_verdict(rule, finding));
	text_put(&page->out, "<div>");
	page_found(page, finding);
	text_put(&page->out, " ");
	page_place(page, finding->place);
	page_excerpt(page, finding->excerpt);
	put_ruling(page, finding);
	text_put(&page->out, " ");
	put_ids(page, finding);
	text_put(&page->out, "</div></li>\n");
}

/* What a check claims, or which procedure a person carried out. */
static void
put_source(struct page *page, const struct finding *finding)
{
	const char *claim, *remedy, *source;

	text_put(&page->out, "<p class=\"source\">");
	if (finding->check) {
		if (check_texts(page->assessment, finding->check, &claim, &remedy, &source))
			page_say(page, claim);
		text_put(&page->out, " <code>");
		page_data(page, finding->check);
		text_put(&page->out, "</code>");
	} else {
		page_say(page, "procedure");
		text_put(&page->out, " ");
		page_data(page, finding->procedure);
	}
	text_put(&page->out, "</p>\n");
}

/* The findings of one check or procedure, the worst first and not all that passed. */
static void
put_findings(struct page *page, const struct rule_result *rule, size_t from, size_t to)
{
	static const struct {
		enum verdict verdict;
		size_t most;
	} order[] = {{VERDICT_FAIL, ROWS_MAX}, {VERDICT_INCONCLUSIVE, ROWS_MAX},
	    {VERDICT_NOT_APPLICABLE, ROWS_MAX}, {VERDICT_PASS, PASSES_MAX}};
	size_t left_out = 0;

	put_source(page, &rule->findings[from]);
	text_put(&page->out, "<ul class=\"findings\">\n");
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		size_t count = 0;

		for (size_t j = from; j < to; j++)
			if (rule->findings[j].verdict == order[i].verdict &&
			    count++ < order[i].most)
				put_finding(page, rule, &rule->findings[j]);
		left_out += count > order[i].most ? count - order[i].most : 0;
	}
	page_more(page, "li", left_out);
	text_put(&page->out, "</ul>\n");
}

static void
put_rule(struct page *page, const struct rule_result *rule)
{
	static const char *const kinds[] = {
	    [CASE_CONCEPTUAL] = "conceptual",
	    [CASE_FUNCTIONAL] = "functional",
	    [CASE_BOTH] = "conceptual and functional",
	};

	text_put(&page->out, "<div class=\"rule\">\n<div class=\"line\"><p><b>");
	page_data(page, rule->rule->test_case);
	text_put(&page->out, "</b> <span class=\"obligation\">");
	page_say(page, kinds[rule->rule->kind]);
	text_put(&page->out, "</span> ");
	page_title(page, rule->rule->purpose);
	text_put(&page->out, " <span class=\"by\">(");
	page_say(page, report_decided_by(rule));
	text_put(&page->out, ")</span></p>");
	page_verdict(page, rule->verdict);
	text_put(&page->out, "</div>\n");
	if (report_reason(rule)) {
		text_put(&page->out, "<p class=\"reason\">");
		page_detail(page, report_reason(rule));
		text_put(&page->out, "</p>\n");
	}
	for (size_t from = 0, to; from < rule->finding_count; from = to) {
		to = finding_group_end(rule, from);
		put_findings(page, rule, from, to);
	}
	text_put(&page->out, "</div>\n");
}

static void
put_requirement(struct page *page, const struct requirement_result *result)
{
	text_put(&page->out, "<article class=\"row\">\n<div class=\"line head\"><h4>");
	page_clause(page, result->requirement);
	text_put(&page->out, " <span class=\"obligation\">");
	page_say(page, report_obligation(result->requirement));
	text_put(&page->out, "</span><br/>");
	page_title(page, result->requirement->title);
	text_put(&page->out, "</h4>");
	page_verdict(page, result->verdict);
	text_put(&page->out, "</div>\n");
	for (size_t i = 0; i < result->rule_count; i++)
		put_rule(page, &result->rules[i]);
	text_put(&page->out, "</article>\n");
}

void
page_requirements(struct page *page)
{
	const char *group = "";

	text_put(&page->out, "<section class=\"all\">\n");
	page_element(page, "h2", NULL, "Results by requirement");
	for (size_t i = 0; i < page->assessment->requirement_count; i++) {
		const struct requirement_result *result = &page->assessment->requirements[i];
		const char *own =
		    report_choose(result->requirement->group, page->options->language);

		if (*own && strcmp(own, group) != 0) {
			text_put(&page->out, "<h3>");
			page_data(page, own);
			text_put(&page->out, "</h3>\n");
			group = own;
		}
		put_requirement(page, result);
	}
	text_put(&page->out, "</section>\n");
}
