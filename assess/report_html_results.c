/* What failed and how to mend it comes first; then every requirement with its rules, findings and
 * facts. */
#include "assess/report_page.h"

#include <string.h>

enum {
	PLACES_MAX = 12,   /* places shown of one repair */
	QUESTIONS_MAX = 3, /* open findings shown of one rule, beside its reason */
	ROWS_MAX = 40,     /* findings shown of one rule that are not PASS … */
	PASSES_MAX = 6,    /* … and that are */
};

static void
put_clause(struct page *page, const struct profile_requirement *requirement)
{
	text_put(&page->out, "<span class=\"clause\">");
	page_data(page, requirement->id);
	if (requirement->provision && *requirement->provision) {
		text_put(&page->out, " · EN 303 645 ");
		page_data(page, requirement->provision);
	}
	text_put(&page->out, "</span>");
}

static void
put_title(struct page *page, const char *const title[2])
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
	text_put(&page->out, "</span></span>");
}

static void
put_place_and_detail(struct page *page, const struct finding *finding)
{
	if (finding->place && *finding->place) {
		text_put(&page->out, "<span class=\"place\">");
		page_data(page, finding->place);
		text_put(&page->out, "</span>");
	}
	if (finding->detail && *finding->detail) {
		text_put(&page->out, "<span class=\"detail\">");
		page_detail(page, finding->detail);
		text_put(&page->out, "</span>");
	}
}

static void
put_more(struct page *page, const char *tag, size_t count)
{
	if (count == 0)
		return;
	text_printf(&page->out, "<%s class=\"more\">+ %zu ", tag, count);
	page_say(page, "more, all in the JSON form of this report");
	text_printf(&page->out, "</%s>\n", tag);
}

static void
put_places(struct page *page, const struct repair *repair)
{
	size_t shown = repair->finding_count < PLACES_MAX ? repair->finding_count : PLACES_MAX;

	text_put(&page->out, "<ul class=\"places\">\n");
	for (size_t i = 0; i < shown; i++) {
		text_put(&page->out, "<li>");
		put_place_and_detail(page, repair->findings[i]);
		put_ids(page, repair->findings[i]);
		text_put(&page->out, "</li>\n");
	}
	put_more(page, "li", repair->finding_count - shown);
	text_put(&page->out, "</ul>\n");
}

static void
put_remedy(struct page *page, const char *check, const char *remedy, const char *source)
{
	if (remedy) {
		text_put(&page->out, "<p class=\"remedy\"><b>");
		page_say(page, "Remedy");
		text_put(&page->out, "</b> ");
		page_say(page, remedy);
		text_put(&page->out, "</p>\n");
	}
	text_put(&page->out, "<p class=\"small\">");
	page_say(page, "Check");
	text_put(&page->out, " <code>");
	page_data(page, check);
	text_put(&page->out, "</code>");
	if (source) {
		text_put(&page->out, " · ");
		page_say(page, "Source");
		text_put(&page->out, ": ");
		page_data(page, source);
	}
	text_put(&page->out, "</p>\n");
}

static void
put_case(struct page *page, const struct rule_result *rule)
{
	text_put(&page->out, "<p>");
	page_say(page, "Test case");
	text_put(&page->out, " ");
	page_data(page, rule->rule->test_case);
	text_put(&page->out, ": ");
	put_title(page, rule->rule->purpose);
	text_put(&page->out, "</p>\n");
}

static void
put_repair(struct page *page, const struct repair *repair, size_t number)
{
	const struct profile_requirement *requirement = repair->requirement->requirement;
	const struct finding *first = repair->finding_count ? repair->findings[0] : NULL;
	const char *claim, *remedy, *source;

	report_repair_words(page->assessment, repair, &claim, &remedy, &source);
	text_printf(&page->out, "<article class=\"repair\">\n<h3><span class=\"number\">%zu</span>",
	    number);
	put_clause(page, requirement);
	text_put(&page->out, " <span class=\"obligation\">");
	page_say(page, report_obligation(requirement));
	text_put(&page->out, "</span></h3>\n<p class=\"requirement\">");
	put_title(page, requirement->title);
	text_put(&page->out, "</p>\n<p class=\"claim\"><i aria-hidden=\"true\">✕</i> ");
	page_detail(page, claim);
	text_put(&page->out, "</p>\n");
	if (!first || !first->check)
		put_case(page, repair->rule);
	if (first)
		put_places(page, repair);
	if (first && first->check)
		put_remedy(page, first->check, remedy, source);
	text_put(&page->out, "</article>\n");
}

static void
put_failed_clauses(struct page *page)
{
	text_put(&page->out, "<ul class=\"failed\">\n");
	for (size_t i = 0; i < page->assessment->requirement_count; i++) {
		const struct requirement_result *result = &page->assessment->requirements[i];

		if (result->verdict != VERDICT_FAIL)
			continue;
		text_put(&page->out, "<li>");
		put_clause(page, result->requirement);
		text_put(&page->out, " ");
		put_title(page, result->requirement->title);
		text_put(&page->out, "</li>\n");
	}
	text_put(&page->out, "</ul>\n");
	page_element(page, "p", "small",
	    "This form for the public names no finding, place or secret; the full report is with "
	    "the laboratory.");
}

enum status
page_repairs(struct page *page)
{
	struct repair *repairs;
	size_t count;

	text_put(&page->out, "<section>\n");
	if (page->options->is_public) {
		page_element(page, "h2", NULL, "Requirements not met");
		put_failed_clauses(page);
	} else {
		TRY(report_repairs(page->job, page->assessment, &repairs, &count));
		page_element(page, "h2", NULL, "What to fix first");
		if (count == 0)
			page_element(page, "p", "lead", "No finding of FAIL stands.");
		for (size_t i = 0; i < count; i++)
			put_repair(page, &repairs[i], i + 1);
	}
	text_put(&page->out, "</section>\n");
	return STATUS_OK;
}

static const char *
rule_reason(const struct rule_result *rule)
{
	return rule->reason && *rule->reason ? rule->reason : NULL;
}

static void
put_reason(struct page *page, const char *tag, const char *class, const struct rule_result *rule)
{
	text_printf(&page->out, "<%s class=\"%s\">", tag, class);
	page_detail(page, rule->reason);
	text_printf(&page->out, "</%s>\n", tag);
}

static void
put_missing(struct page *page, const struct rule_result *rule)
{
	size_t open = 0;

	for (size_t i = 0; i < rule->finding_count; i++) {
		const struct finding *finding = &rule->findings[i];

		if (finding->verdict != VERDICT_INCONCLUSIVE || !finding_stands(finding))
			continue;
		if (open++ >= QUESTIONS_MAX)
			continue;
		text_put(&page->out, "<p>");
		put_place_and_detail(page, finding);
		text_put(&page->out, "</p>\n");
	}
	put_more(page, "p", open > QUESTIONS_MAX ? open - QUESTIONS_MAX : 0);
	if (open == 0 && rule_reason(rule))
		put_reason(page, "p", "detail", rule);
	else if (open == 0)
		page_element(page, "p", "detail", "no deciding result yet");
}

static void
put_question(
    struct page *page, const struct requirement_result *result, const struct rule_result *rule)
{
	text_put(&page->out, "<tr><td>");
	page_data(page, result->requirement->id);
	text_put(&page->out, "</td><td>");
	page_data(page, rule->rule->test_case);
	text_put(&page->out, "</td><td>");
	put_title(page, rule->rule->purpose);
	text_put(&page->out, "</td><td>");
	put_missing(page, rule);
	text_put(&page->out, "</td></tr>\n");
}

static bool
is_open(const struct requirement_result *result, const struct rule_result *rule)
{
	return result->requirement->mandatory && rule->verdict == VERDICT_INCONCLUSIVE;
}

void
page_open_questions(struct page *page)
{
	size_t count = 0;

	text_put(&page->out, "<section>\n");
	page_element(page, "h2", NULL, "What could not be told yet");
	for (size_t i = 0; i < page->assessment->requirement_count; i++)
		for (size_t j = 0; j < page->assessment->requirements[i].rule_count; j++) {
			const struct requirement_result *result =
			    &page->assessment->requirements[i];

			if (!is_open(result, &result->rules[j]))
				continue;
			if (count++ == 0) {
				text_put(
				    &page->out, "<table class=\"grid questions\">\n<thead><tr>");
				page_element(page, "th", NULL, "Clause");
				page_element(page, "th", NULL, "Test case");
				page_element(page, "th", NULL, "What is tested");
				page_element(page, "th", NULL, "What is missing");
				text_put(&page->out, "</tr></thead>\n<tbody>\n");
			}
			put_question(page, result, &result->rules[j]);
		}
	if (count > 0)
		text_put(&page->out, "</tbody>\n</table>\n");
	else
		page_element(page, "p", "lead", "Every mandatory test case has a verdict.");
	text_put(&page->out, "</section>\n");
}

static void
put_closing_note(struct page *page, const struct finding *finding)
{
	if (!finding_stands(finding)) {
		text_put(&page->out, "<span class=\"note\">");
		page_say(page, finding->corrected ? "ruled false by two people" : "closed by");
		if (finding->closed_by) {
			text_put(&page->out, finding->corrected ? ": " : " ");
			page_detail(page, finding->closed_by);
		}
		text_put(&page->out, "</span>");
	}
}

static void
put_finding(struct page *page, const struct finding *finding)
{
	text_printf(&page->out, "<li class=\"%s\">", finding_stands(finding) ? "stands" : "past");
	page_verdict(page, finding->verdict);
	text_put(&page->out, "<div><code>");
	if (finding->check) {
		page_data(page, finding->check);
	} else {
		page_say(page, "procedure");
		text_put(&page->out, " ");
		page_data(page, finding->procedure);
	}
	text_put(&page->out, "</code>");
	put_place_and_detail(page, finding);
	put_closing_note(page, finding);
	put_ids(page, finding);
	text_put(&page->out, "</div></li>\n");
}

static void
put_findings(struct page *page, const struct rule_result *rule)
{
	size_t passes = 0, others = 0, left_out = 0;

	if (rule->finding_count == 0)
		return;
	text_put(&page->out, "<ul class=\"findings\">\n");
	for (size_t i = 0; i < rule->finding_count; i++) {
		bool pass = rule->findings[i].verdict == VERDICT_PASS;

		if (pass ? passes++ < PASSES_MAX : others++ < ROWS_MAX)
			put_finding(page, &rule->findings[i]);
		else
			left_out++;
	}
	put_more(page, "li", left_out);
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
	put_title(page, rule->rule->purpose);
	text_put(&page->out, " <span class=\"by\">(");
	page_say(page, "decided");
	text_put(&page->out, " ");
	page_say(page, report_decided_by(rule));
	text_put(&page->out, ")</span></p>");
	page_verdict(page, rule->verdict);
	text_put(&page->out, "</div>\n");
	if (rule_reason(rule))
		put_reason(page, "p", "reason", rule);
	put_findings(page, rule);
	text_put(&page->out, "</div>\n");
}

static void
put_requirement(struct page *page, const struct requirement_result *result)
{
	text_put(&page->out, "<article class=\"row\">\n<div class=\"line head\"><h4>");
	put_clause(page, result->requirement);
	text_put(&page->out, " <span class=\"obligation\">");
	page_say(page, report_obligation(result->requirement));
	text_put(&page->out, "</span><br/>");
	put_title(page, result->requirement->title);
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
