/* The report a person reads: HTML without script or network, written so that an XML parser accepts
 * it. */
#include "assess/report_page.h"

#include <string.h>

#include "base/message.h"
#include "base/xml.h"

static void
put_escaped(struct page *page, const char *clean)
{
	const char *escaped = clean ? xml_escape(page->job, clean) : NULL;

	if (!escaped)
		page->out.failed = true;
	else
		text_put(&page->out, escaped);
}

void
page_say(struct page *page, const char *english)
{
	put_escaped(page, message(page->options->language, english ? english : ""));
}

void
page_data(struct page *page, const char *string)
{
	put_escaped(page, report_clean(page->job, string));
}

void
page_detail(struct page *page, const char *string)
{
	const char *translated = report_translate(page->job, page->options->language, string);

	if (translated)
		page_data(page, translated);
	else
		page->out.failed = true;
}

void
page_element(struct page *page, const char *tag, const char *class, const char *english)
{
	text_printf(&page->out, "<%s%s%s%s>", tag, class ? " class=\"" : "", class ? class : "",
	    class ? "\"" : "");
	page_say(page, english);
	text_printf(&page->out, "</%s>\n", tag);
}

void
page_verdict(struct page *page, enum verdict verdict)
{
	static const char *const classes[] = {"pass", "fail", "open", "none"};
	static const char *const signs[] = {"✓", "✕", "?", "–"};

	text_printf(&page->out, "<span class=\"verdict %s\"><i aria-hidden=\"true\">%s</i> ",
	    classes[verdict], signs[verdict]);
	page_say(page, verdict_name(verdict));
	text_put(&page->out, "</span>");
}

static void
put_head(struct page *page, const char *product)
{
	const char *language = page->options->language == LANGUAGE_VI ? "vi" : "en";

	text_printf(&page->out,
	    "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"%s\" "
	    "xml:lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n",
	    language, language);
	text_put(&page->out,
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
	    "'none'; style-src 'unsafe-inline'\"/>\n"
	    "<meta name=\"referrer\" content=\"no-referrer\"/>\n<title>");
	put_escaped(page, product);
	text_printf(&page->out, " — %s</title>\n<style>\n", page->number);
	page_style(page);
	text_printf(
	    &page->out, "@page{@bottom-left{content:\"%s\"}}\n</style>\n</head>\n", page->number);
}

static void
put_trial(struct page *page)
{
	bool vietnamese = page->options->language == LANGUAGE_VI;

	text_printf(&page->out,
	    "<div class=\"trial\" role=\"note\"><strong>%s</strong><strong>%s</strong>\n",
	    vietnamese ? TRIAL_BANNER_VI : TRIAL_BANNER_EN,
	    vietnamese ? TRIAL_BANNER_EN : TRIAL_BANNER_VI);
	page_element(page, "p", NULL,
	    "The profile is a reading of the regulation that no authority has approved. "
	    "Nothing in this report may be presented as proof of conformity.");
	text_put(&page->out, "</div>\n");
}

static void
put_title(struct page *page, const char *product)
{
	const struct profile *profile = page->assessment->profile;
	const char *title = report_choose(profile->title, page->options->language);
	char day[32];

	text_format_date(page->assessment->now, day);
	text_put(&page->out, "<header>\n<div class=\"titles\">\n");
	page_element(page, "p", "kicker",
	    page->options->is_public ? "Summary for the public of a security conformity assessment"
				     : "Report of a security conformity assessment");
	text_put(&page->out, "<h1>");
	put_escaped(page, product);
	text_put(&page->out, "</h1>\n<p class=\"standard\">");
	if (!text_starts_with(title, profile->regulation)) {
		text_put(&page->out, "<b>");
		page_data(page, profile->regulation);
		text_put(&page->out, "</b> · ");
	}
	page_data(page, title);
	text_put(&page->out, "</p>\n</div>\n<dl class=\"stamp\">\n<div><dt>");
	page_say(page, "Report number");
	text_printf(&page->out, "</dt><dd class=\"mono\">%s</dd></div>\n<div><dt>", page->number);
	page_say(page, "Date of assessment");
	text_printf(&page->out, "</dt><dd>%s</dd></div>\n", day);
	if (page->options->case_name && !page->options->is_public) {
		const char *slash = strrchr(page->options->case_name, '/');

		text_put(&page->out, "<div><dt>");
		page_say(page, "Case");
		text_put(&page->out, "</dt><dd>");
		page_data(page, slash ? slash + 1 : page->options->case_name);
		text_put(&page->out, "</dd></div>\n");
	}
	text_put(&page->out, "</dl>\n</header>\n");
}

static void
put_overall(struct page *page)
{
	static const char *const classes[] = {"pass", "fail", "open", "none"};

	text_printf(&page->out, "<section class=\"overall %s\">\n<p class=\"label\">",
	    classes[page->assessment->overall]);
	page_say(page, "Overall verdict");
	text_put(&page->out, "</p>\n<p class=\"big\">");
	page_say(page, verdict_name(page->assessment->overall));
	text_put(&page->out, "</p>\n");
	page_element(page, "p", NULL, report_verdict_sentence(page->assessment));
	if (page->assessment->refer)
		page_element(page, "p", "refer",
		    "A requirement added by the programme failed: no certificate may be issued "
		    "before a person has looked into it.");
	text_put(&page->out, "</section>\n");
}

static void
put_tiles(struct page *page, const struct report_counts *counts)
{
	static const char *const classes[] = {"pass", "fail", "open", "none"};

	text_put(&page->out, "<ul class=\"tiles\">\n");
	for (size_t verdict = 0; verdict < 4; verdict++) {
		text_printf(&page->out, "<li class=\"%s\"><b>%zu</b><span>", classes[verdict],
		    counts->mandatory[verdict]);
		page_say(page, verdict_name((enum verdict)verdict));
		text_put(&page->out, "</span><small>");
		text_printf(&page->out, "+ %zu ", counts->other[verdict]);
		page_say(page, "not mandatory");
		text_put(&page->out, "</small></li>\n");
	}
	text_put(&page->out, "</ul>\n");
}

static void
put_share(struct page *page, const char *class, const char *english, int64_t part, int64_t whole)
{
	if (part <= 0 || whole <= 0)
		return;
	text_printf(&page->out, "<li class=\"%s\" style=\"flex-grow:%lld\"><b>%lld</b> ", class,
	    (long long)part, (long long)part);
	page_say(page, english);
	text_put(&page->out, "</li>\n");
}

static void
put_counts(struct page *page)
{
	const struct assessment *assessment = page->assessment;
	struct report_counts counts = report_count(assessment);
	int64_t rules = (int64_t)counts.rules;

	text_put(&page->out, "<section>\n");
	page_element(page, "h2", NULL, "At a glance");
	page_element(page, "p", "label", "Mandatory requirements by verdict");
	put_tiles(page, &counts);
	page_element(page, "p", "label", "Test cases by who decided them");
	text_put(&page->out, "<ul class=\"shares\">\n");
	put_share(page, "machine", "by machine", assessment->rules_decided.machine, rules);
	put_share(page, "person", "by a person", assessment->rules_decided.person, rules);
	put_share(page, "both", "by machine and person", assessment->rules_decided.both, rules);
	put_share(page, "nobody", "by nobody yet", report_undecided(assessment, &counts), rules);
	put_share(page, "none", "not applicable", (int64_t)counts.not_applicable, rules);
	text_put(&page->out, "</ul>\n<p class=\"small\">");
	page_say(page, "Findings of the machine ruled false by two people");
	text_printf(&page->out, ": <b>%lld</b></p>\n<p class=\"small\">",
	    (long long)assessment->correction_count);
	page_say(page, "Findings that the supplier explained");
	text_printf(&page->out, ": <b>%lld</b> ", (long long)assessment->explained.open);
	page_say(page, "not ruled on yet");
	text_printf(&page->out, ", <b>%lld</b> ", (long long)assessment->explained.accepted);
	page_say(page, "accepted by a tester");
	text_printf(&page->out, ", <b>%lld</b> ", (long long)assessment->explained.refused);
	page_say(page, "refused by a tester");
	if (assessment->idle_explanation_count > 0) {
		text_printf(&page->out, ", <b>%zu</b> ", assessment->idle_explanation_count);
		page_say(page, "about nothing that fails");
	}
	text_put(&page->out, "</p>\n</section>\n");
}

static enum status
put_document(struct page *page)
{
	const char *product = report_product(page->job, page->assessment,
	    message(page->options->language, "Product without a name"));

	put_head(page, product);
	text_put(&page->out, "<body>\n<main>\n");
	if (page->assessment->trial)
		put_trial(page);
	put_title(page, product);
	put_overall(page);
	put_counts(page);
	page_items(page);
	TRY(page_repairs(page));
	TRY(page_explanations(page));
	TRY(page_open_questions(page));
	page_requirements(page);
	page_closing(page);
	text_put(&page->out, "</main>\n</body>\n</html>\n");
	return STATUS_OK;
}

enum status
report_html(struct job *job, const struct assessment *assessment,
    const struct report_options *options, const char **out)
{
	struct page page = {job, assessment, options, NULL, text_new(job)};
	struct assessment without;

	TRY(report_number(job, assessment, options, &page.number));
	if (options->is_public) {
		TRY(report_public(job, assessment, &without));
		page.assessment = &without;
	}
	TRY(put_document(&page));
	return text_finish(&page.out, out);
}
