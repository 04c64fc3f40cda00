/* Who tested what, how it was decided, and from which inputs: the frame ISO/IEC 17025 7.8 asks of a
 * report. */
#include "assess/report_page.h"

#include <string.h>

#include "base/arena.h"
#include "base/digest.h"

#define TOLD_MAX 8 /* a unit that calls itself by many names fills no page */

static void
put_row(struct page *page, const char *english, const char *data)
{
	text_put(&page->out, "<tr><th scope=\"row\">");
	page_say(page, english);
	if (data && *data) {
		text_put(&page->out, "</th><td>");
		page_data(page, data);
	} else {
		text_put(&page->out, "</th><td class=\"missing\">");
		page_say(page, "not stated");
	}
	text_put(&page->out, "</td></tr>\n");
}

static void
put_day(struct page *page, const char *english, int64_t time)
{
	char day[32] = "";

	if (time > 0)
		text_format_date(time, day);
	put_row(page, english, day);
}

static void
put_digest_row(struct page *page, const char *english, const struct digest *digest)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex(digest, hex);
	text_put(&page->out, "<tr><th scope=\"row\">");
	page_say(page, english);
	text_printf(&page->out, "</th><td class=\"mono\">%s</td></tr>\n", hex);
}

static const char *
subject_title(const struct subject_fact *subject)
{
	if (subject->type && strcmp(subject->type, "image") == 0)
		return "Firmware image";
	if (subject->type && strcmp(subject->type, "unit") == 0)
		return "Sample unit";
	return "Supplier's dossier";
}

static void
put_field(struct page *page, const char *english, const char *data)
{
	bool is_digest = strcmp(english, "SHA-256") == 0;

	if (!data || !*data)
		return;
	text_put(&page->out, is_digest ? "<div class=\"whole\"><dt>" : "<div><dt>");
	page_say(page, english);
	text_put(&page->out, is_digest ? "</dt><dd class=\"mono\">" : "</dt><dd>");
	page_data(page, data);
	text_put(&page->out, "</dd></div>\n");
}

/* What the supplier declares of a unit, and beside it what the unit itself says. */
static void
put_model(struct page *page, const struct fact *fact)
{
	const struct subject_fact *subject = &fact->as.subject;
	const struct assessment *assessment = page->assessment;
	struct text told = text_new(page->job);
	const char *words;
	size_t count = 0;

	put_field(page, "Brand (declared)", subject->brand);
	put_field(page, "Model (declared)", subject->model);
	for (size_t i = 0; i < assessment->told_model_count && count < TOLD_MAX; i++)
		if (assessment->told_models[i].subject == fact->fact)
			text_printf(&told, "%s%s", count++ == 0 ? "" : "; ",
			    assessment->told_models[i].as.disclosure.value);
	if (text_finish(&told, &words) == STATUS_OK)
		put_field(page, "Model (as the unit says)", words);
	else
		page->out.failed = true;
}

static void
put_subject(struct page *page, const struct fact *fact)
{
	bool unit = fact->as.subject.type && strcmp(fact->as.subject.type, "unit") == 0;
	const struct subject_fact *subject = &fact->as.subject;

	text_put(&page->out, "<div class=\"item\">\n<h3>");
	page_say(page, subject_title(subject));
	if (subject->name) {
		text_put(&page->out, " — ");
		page_data(page, subject->name);
	}
	text_put(&page->out, "</h3>\n");
	if (subject->under_test == 0)
		page_element(page, "p", "missing", "superseded, not part of the verdict");
	text_put(&page->out, "<dl>\n");
	if (unit) {
		put_model(page, fact);
	} else {
		put_field(page, "Brand", subject->brand);
		put_field(page, "Model", subject->model);
	}
	put_field(page, "Hardware version", subject->hardware);
	put_field(page, "Firmware version", subject->firmware_version);
	put_field(page, "Serial number", subject->serial);
	if (subject->bytes != UNKNOWN)
		put_field(page, "Size in bytes",
		    arena_printf(page->job, "%lld", (long long)subject->bytes));
	put_field(page, "SHA-256", subject->sha256);
	text_put(&page->out, "</dl>\n</div>\n");
}

static void
put_laboratory(struct page *page)
{
	const struct report_options *options = page->options;

	page_element(page, "h2", NULL, "Laboratory and customer");
	text_put(&page->out, "<table class=\"pairs\">\n<tbody>\n");
	put_row(page, "Laboratory", options->laboratory);
	put_row(page, "Address", options->laboratory_address);
	put_row(page, "Place of testing", options->place);
	put_row(page, "Customer", options->customer);
	put_row(page, "Customer's address", options->customer_address);
	put_day(page, "Items received on", options->received);
	put_day(page, "Tested from", options->tested_from);
	put_day(page, "Tested until", options->tested_until);
	text_put(&page->out, "</tbody>\n</table>\n");
}

void
page_items(struct page *page)
{
	text_put(&page->out, "<section>\n");
	page_element(page, "h2", NULL, "Items tested");
	text_put(&page->out, "<div class=\"items\">\n");
	for (size_t i = 0; i < page->assessment->subject_count; i++)
		put_subject(page, &page->assessment->subjects[i]);
	text_put(&page->out, "</div>\n");
	page_element(page, "p", page->assessment->subject_count ? "small" : "missing",
	    page->assessment->subject_count ? "The results hold only for the items listed here."
					    : "The case names no item.");
	text_put(&page->out, "</section>\n");
}

static void
put_decision_rule(struct page *page)
{
	static const char *const sentences[] = {
	    "A finding of FAIL that rests on an observation stands, even when the evidence is "
	    "incomplete.",
	    "A test case passes only when every check and every procedure it names passes, on "
	    "complete "
	    "evidence; what nobody looked at is INCONCLUSIVE, never PASS.",
	    "Nobody may set aside a FAIL; two people together may rule a finding false, with "
	    "evidence, and it stays visible in this report.",
	    "A requirement is NOT APPLICABLE only by a condition of the standard that the supplier "
	    "stated, no fact contradicts and a tester accepted.",
	    "The overall verdict is FAIL when a mandatory requirement fails, PASS when each one "
	    "passes or does not apply, and INCONCLUSIVE otherwise; recommendations do not count.",
	    "The results are observations, not measurements: no measurement uncertainty enters the "
	    "decision.",
	};

	page_element(page, "h2", NULL, "Decision rule");
	text_put(&page->out, "<ol class=\"rules\">\n");
	for (size_t i = 0; i < ARRAY_SIZE(sentences); i++)
		page_element(page, "li", NULL, sentences[i]);
	text_put(&page->out, "</ol>\n");
}

static void
put_inputs(struct page *page)
{
	const struct assessment *assessment = page->assessment;
	char time[32];

	text_format_time(assessment->now, time);
	page_element(page, "h2", NULL, "The seven inputs of this verdict");
	page_element(page, "p", "lead",
	    "The same inputs give the same assessment, byte for byte, on any machine. Digests are "
	    "SHA-256.");
	text_put(&page->out, "<table class=\"pairs\">\n<tbody>\n");
	put_digest_row(page, "Evidence", &assessment->evidence);
	put_digest_row(page, "Profile", &assessment->profile->digest);
	put_digest_row(page, "Catalogue of checks", &assessment->catalogue_digest);
	put_digest_row(page, "Reference data", &assessment->reference);
	put_digest_row(page, "Vulnerability data", &assessment->vulnerability);
	put_row(page, "Time of assessment (UTC)", time);
	put_row(page, "Version of hopquy", assessment->program_version);
	text_put(&page->out, "</tbody>\n</table>\n");
}

static const char *
signature_words(enum signature_state state)
{
	switch (state) {
	case SIGNATURE_HOLDS:
		return "valid";
	case SIGNATURE_STALE:
		return "stale: the case changed after it";
	case SIGNATURE_BAD:
		break;
	}
	return "not valid: it does not verify";
}

static void
put_signature(struct page *page, size_t index)
{
	const struct report_options *options = page->options;
	enum signature_state state = options->signatures[index].state;
	char time[32] = "";

	if (options->signatures[index].time > 0)
		text_format_time(options->signatures[index].time, time);
	text_printf(&page->out, "<tr%s><td><b>", state == SIGNATURE_HOLDS ? "" : " class=\"void\"");
	page_say(page, options->signatures[index].role);
	text_put(&page->out, "</b></td><td>");
	page_data(page, options->signatures[index].person);
	text_put(&page->out, "</td><td>");
	page_data(page, options->signatures[index].organisation);
	text_printf(&page->out, "</td><td>%s</td><td>", time);
	page_say(page, signature_words(state));
	text_put(&page->out, "</td></tr>\n");
}

static void
put_signatures(struct page *page)
{
	size_t count = page->options->signature_count;

	page_element(page, "h2", NULL, "Signatures");
	if (count == 0) {
		page_element(page, "p", "missing", "Nobody has signed this assessment.");
		return;
	}
	text_put(&page->out, "<table class=\"grid\">\n<thead><tr>");
	page_element(page, "th", NULL, "Role");
	page_element(page, "th", NULL, "Name");
	page_element(page, "th", NULL, "Organisation");
	page_element(page, "th", NULL, "Signed at (UTC)");
	page_element(page, "th", NULL, "Signature");
	text_put(&page->out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < count && i < ARRAY_SIZE(page->options->signatures); i++)
		put_signature(page, i);
	text_put(&page->out, "</tbody>\n</table>\n");
	page_element(page, "p", "small",
	    "The signatures stand in the case file and were checked when this report was made; "
	    "whether these people were entitled to sign is said by the authority's trust list.");
}

void
page_closing(struct page *page)
{
	if (!page->options->is_public) {
		text_put(&page->out, "<section class=\"together\">\n");
		put_laboratory(page);
		text_put(&page->out, "</section>\n");
	}
	text_put(&page->out, "<section>\n");
	put_decision_rule(page);
	text_put(&page->out, "</section>\n<section class=\"together\">\n");
	put_inputs(page);
	text_put(&page->out, "</section>\n<section class=\"together\">\n");
	put_signatures(page);
	text_put(&page->out, "</section>\n<footer>\n");
	page_element(page, "p", NULL,
	    "The results hold only for the items tested, in the state in which they were received. "
	    "This report may be copied only as a whole.");
	text_put(&page->out, "<p class=\"end\">■ ");
	page_say(page, "End of report");
	text_printf(&page->out, " %s ■</p>\n</footer>\n", page->number);
}
