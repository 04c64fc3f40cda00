/* What failed and how to mend it comes first; then what is not known, and what would settle it. */
#include "assess/report_advice.h"
#include "assess/report_page.h"

#include <string.h>

enum {
	PLACES_MAX = 12,   /* places shown of one repair */
	QUESTIONS_MAX = 3, /* open findings shown of one rule */
};

static void
put_command(struct page *page, const char *command)
{
	if (!command)
		return;
	text_put(&page->out, "<p class=\"small\">");
	page_say(page, "what was said there");
	text_put(&page->out, ": <span class=\"mono\">");
	page_data(page, command);
	text_put(&page->out, "</span></p>\n");
}

/* Each place once, with all that was found there. */
static void
put_places(struct page *page, const struct repair *repair)
{
	size_t shown = repair->finding_count < PLACES_MAX ? repair->finding_count : PLACES_MAX;
	const char *last = NULL;

	text_put(&page->out, "<ul class=\"places\">\n");
	for (size_t i = 0; i < shown; i++) {
		const struct finding *finding = repair->findings[i];
		const char *place = finding->place ? finding->place : "";

		if (!last || strcmp(last, place) != 0)
			text_put(&page->out, last ? "</li>\n<li>" : "<li>");
		else
			place = "";
		page_place(page, place);
		if (*place)
			page_excerpt(page, finding->excerpt);
		page_found(page, finding);
		put_command(page, report_repair_command(page->job, repair, finding));
		last = finding->place ? finding->place : "";
	}
	text_put(&page->out, last ? "</li>\n" : "");
	page_more(page, "li", repair->finding_count - shown);
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
	page_title(page, rule->rule->purpose);
	text_put(&page->out, "</p>\n");
}

static void
put_clauses(struct page *page, const char *english,
    const struct requirement_result *const *requirements, size_t count)
{
	text_put(&page->out, "<p class=\"clauses\"><span>");
	page_say(page, english);
	text_put(&page->out, "</span>");
	for (size_t i = 0; i < count; i++) {
		const struct profile_requirement *requirement = requirements[i]->requirement;

		text_put(&page->out, " <b>");
		page_data(page, requirement->id);
		if (requirement->provision && *requirement->provision) {
			text_put(&page->out, " <small>");
			page_data(page, requirement->provision);
			text_put(&page->out, "</small>");
		}
		if (!requirement->mandatory || requirement->project_row) {
			text_put(&page->out, " <small>");
			page_say(page, report_obligation(requirement));
			text_put(&page->out, "</small>");
		}
		text_put(&page->out, "</b>");
	}
	text_put(&page->out, "</p>\n");
}

static void
put_repair(struct page *page, const struct repair *repair, size_t number)
{
	const struct finding *first = repair->finding_count ? repair->findings[0] : NULL;
	const char *claim, *remedy, *source;

	report_repair_words(page->assessment, repair, &claim, &remedy, &source);
	text_printf(&page->out,
	    "<article class=\"repair\">\n<h3><b class=\"number\">%zu</b><span><i>✕ ", number);
	page_say(page, "Not met");
	text_put(&page->out, ":</i> ");
	page_detail(page, claim);
	text_put(&page->out, "</span></h3>\n");
	put_clauses(page, "clauses it fails", repair->requirements, repair->requirement_count);
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
		page_clause(page, result->requirement);
		text_put(&page->out, " ");
		page_title(page, result->requirement->title);
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
			page_element(page, "p", "lead",
			    page->assessment->explained.open +
					page->assessment->explained.accepted ==
				    0
				? "No finding of FAIL stands."
				: "Everything that failed is explained (below); none of it is "
				  "mended.");
		for (size_t i = 0; i < count; i++)
			put_repair(page, &repairs[i], i + 1);
	}
	text_put(&page->out, "</section>\n");
	return STATUS_OK;
}

static void
put_step(struct page *page, const struct step *step)
{
	const char *sentence, *command;

	report_step_words(
	    page->job, page->assessment, page->options->language, step, &sentence, &command);
	text_put(&page->out, "<li><p>");
	page_data(page, sentence ? sentence : "");
	page->out.failed |= !sentence;
	text_put(&page->out, "</p>\n");
	if (command) {
		text_put(&page->out, "<p><code>");
		page_data(page, command);
		text_put(&page->out, "</code></p>\n");
	}
	put_clauses(page, "clauses that wait for it", step->requirements, step->requirement_count);
	text_put(&page->out, "</li>\n");
}

/* Numbers of the steps that a requirement waits for. */
static void
put_step_numbers(struct page *page, const struct requirement_result *result,
    const struct step *steps, size_t count)
{
	const char *between = "";

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < steps[i].requirement_count; j++) {
			if (steps[i].requirements[j] != result)
				continue;
			text_printf(&page->out, "%s%zu", between, i + 1);
			between = ", ";
		}
}

static void
put_undecided(struct page *page, const struct step *steps, size_t count)
{
	text_put(&page->out, "<table class=\"grid questions\">\n<thead><tr>");
	page_element(page, "th", NULL, "Clause");
	page_element(page, "th", NULL, "Requirement");
	if (!page->options->is_public)
		page_element(page, "th", NULL, "Waits for step");
	text_put(&page->out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < page->assessment->requirement_count; i++) {
		const struct requirement_result *result = &page->assessment->requirements[i];

		if (result->verdict != VERDICT_INCONCLUSIVE || !result->requirement->mandatory)
			continue;
		text_put(&page->out, "<tr><td>");
		page_data(page, result->requirement->id);
		text_put(&page->out, "</td><td>");
		page_title(page, result->requirement->title);
		text_put(&page->out, "</td>");
		if (!page->options->is_public) {
			text_put(&page->out, "<td>");
			put_step_numbers(page, result, steps, count);
			text_put(&page->out, "</td>");
		}
		text_put(&page->out, "</tr>\n");
	}
	text_put(&page->out, "</tbody>\n</table>\n");
}

enum status
page_open_questions(struct page *page)
{
	struct step *steps;
	size_t count, waiting;

	TRY(report_steps(page->job, page->assessment, &steps, &count, &waiting));
	text_put(&page->out, "<section>\n");
	page_element(page, "h2", NULL, "What could not be told yet");
	if (waiting == 0)
		page_element(page, "p", "lead", "Every mandatory requirement has a verdict.");
	if (waiting > 0 && !page->options->is_public) {
		page_element(page, "p", "lead", "These steps would settle it:");
		text_put(&page->out, "<ol class=\"steps\">\n");
		for (size_t i = 0; i < count; i++)
			put_step(page, &steps[i]);
		text_put(&page->out, "</ol>\n");
	}
	if (waiting > 0)
		put_undecided(page, steps, count);
	text_put(&page->out, "</section>\n");
	return STATUS_OK;
}
