/* Reports are read by people who trust them: every form is whole, safe and the same twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "assess/report_text.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/message.h"
#include "base/xml.h"
#include "tests/support/sample_assessment.h"

#include <cmocka.h> /* last: it defines fail */

#define BUDGET ((size_t)64 << 20)

static int
set_up(void **state)
{
	*state = job_new(BUDGET);
	return *state ? 0 : -1;
}

static int
tear_down(void **state)
{
	job_free(*state);
	return 0;
}

static const char *
html(struct job *job, const struct assessment *assessment, int language, bool is_public)
{
	struct report_options options = sample_options(language, is_public);
	const char *out = NULL;

	assert_int_equal(report_html(job, assessment, &options, &out), STATUS_OK);
	return out;
}

static const char *
terminal(
    struct job *job, const struct assessment *assessment, int language, bool is_public, bool colour)
{
	struct report_options options = sample_options(language, is_public);
	const char *out = NULL;

	assert_int_equal(report_terminal(job, assessment, &options, colour, &out), STATUS_OK);
	return out;
}

static const char *
json(struct job *job, const struct assessment *assessment)
{
	const char *out = NULL;

	assert_int_equal(report_json(job, assessment, &out), STATUS_OK);
	return out;
}

static void
assert_holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not there", part);
}

static void
assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("\"%s\" is there", part);
}

/* HTML without its first line, which is the document type, as XML. */
static void
assert_well_formed(struct job *job, const char *document)
{
	struct xml_document *parsed;

	assert_true(text_starts_with(document, "<!DOCTYPE html>\n"));
	document = strchr(document, '\n') + 1;
	if (xml_parse(job, span_of_string(document), "report", &parsed) != STATUS_OK)
		fail_msg("%s", job->reason);
	assert_string_equal(xml_local_name(xml_root(parsed)), "html");
	xml_free(parsed);
}

static void
html_is_well_formed_and_self_contained_in_both_languages(void **state)
{
	for (int language = 0; language < 2; language++)
		for (int public = 0; public < 2; public ++) {
			const char *out = html(*state, sample_assessment(), language, public);

			assert_well_formed(*state, out);
			assert_holds(out, language ? "lang=\"vi\"" : "lang=\"en\"");
			assert_lacks(out, "<script");
			assert_lacks(out, "src=");
			assert_lacks(out, "href=");
			assert_lacks(out, "url(");
			assert_lacks(out, "@import");
		}
}

static void
html_names_product_digests_profile_verdict_and_inputs(void **state)
{
	const char *out = html(*state, sample_assessment(), LANGUAGE_EN, false);

	assert_holds(out, "<h1>Sao Mai &amp; Co SM-200</h1>");
	assert_holds(out, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
	assert_holds(out, "QCVN 11:2026/BCA");
	assert_holds(out, TRIAL_BANNER_EN);
	assert_holds(out, TRIAL_BANNER_VI);
	for (int verdict = 0; verdict < 4; verdict++)
		assert_holds(out, verdict_name((enum verdict)verdict));
	for (size_t i = 0; i < 5; i++) {
		static const char *const starts[] = {
		    "1a2b00", "e10000", "ca0000", "4e0000", "700000"};

		assert_holds(out, starts[i]);
	}
	assert_holds(out, "2026-07-14T");
	assert_holds(out, "The results hold only for the items tested");
	assert_holds(out, "Decision rule");
	assert_holds(out, "fact 412");
	assert_holds(out, SAMPLE_TESTER);
	assert_holds(out, "End of report HQ-");
}

static void
a_profile_in_force_bears_no_trial_banner(void **state)
{
	struct assessment in_force = *sample_assessment();

	in_force.trial = false;
	assert_lacks(html(*state, &in_force, LANGUAGE_EN, false), TRIAL_BANNER_EN);
	assert_lacks(terminal(*state, &in_force, LANGUAGE_EN, false, false), TRIAL_BANNER_EN);
}

static void
hostile_words_are_shown_and_never_act(void **state)
{
	const char *out = html(*state, sample_assessment(), LANGUAGE_EN, false);

	assert_holds(out, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;");
	assert_holds(out, "etc/\\xff\\xfeshadow");
	assert_holds(out, "\\u{202e}reversed\\u{1b}[31m red");
	assert_lacks(out, "\xe2\x80\xae");
	assert_lacks(out, "\x1b");
	out = terminal(*state, sample_assessment(), LANGUAGE_EN, false, false);
	assert_lacks(out, "\x1b");
	assert_holds(out, "\\xff\\xfeshadow");
}

static void
cleaning_keeps_good_text_and_shows_every_bad_byte(void **state)
{
	static const char *const pairs[][2] = {
	    {"Đạt 摄像机 😀 é", "Đạt 摄像机 😀 é"},
	    {"a\tb\nc\rd", "a b c d"},
	    {"\x80", "\\x80"},
	    {"\xc3", "\\xc3"},
	    {"\xe1\xba", "\\xe1\\xba"},
	    {"\xf0\x9f\x98", "\\xf0\\x9f\\x98"},
	    {"\xc0\xaf", "\\xc0\\xaf"},
	    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
	    {"x\x7f\x01", "x\\u{7f}\\u{1}"},
	    {"\xef\xbf\xbf\xef\xbb\xbf", "\\u{ffff}\\u{feff}"},
	    {"\xe2\x80\x8bz", "\\u{200b}z"},
	    {"", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		assert_string_equal(report_clean(*state, pairs[i][0]), pairs[i][1]);
	assert_string_equal(report_clean(*state, NULL), "");
}

static void
every_byte_string_cleans_to_utf8(void **state)
{
	char bytes[4] = "";

	for (unsigned first = 1; first < 256; first++)
		for (unsigned second = 1; second < 256; second++) {
			const char *clean;

			bytes[0] = (char)first;
			bytes[1] = (char)second;
			bytes[2] = 'z';
			clean = report_clean(*state, bytes);
			assert_non_null(clean);
			assert_true(text_is_utf8(clean, strlen(clean)));
			assert_true(text_ends_with(clean, "z"));
		}
}

static void
the_public_forms_hold_no_place_secret_path_or_tester(void **state)
{
	static const char *const secrets[] = {SAMPLE_SECRET, SAMPLE_SERIAL, SAMPLE_FILE, "192.0.2.",
	    "squashfs", "md5crypt", "no_default_password", "two people of the laboratory"};

	for (int language = 0; language < 2; language++) {
		const char *page = html(*state, sample_assessment(), language, true);
		const char *lines = terminal(*state, sample_assessment(), language, true, false);

		for (size_t i = 0; i < ARRAY_SIZE(secrets); i++) {
			assert_lacks(page, secrets[i]);
			assert_lacks(lines, secrets[i]);
			assert_holds(
			    html(*state, sample_assessment(), language, false), secrets[i]);
		}
		assert_holds(page, "VN135-01.1");
		assert_holds(page, message(language, "FAIL"));
	}
}

static void
the_public_copy_of_the_json_has_no_finding(void **state)
{
	struct assessment without;
	const char *out;

	assert_int_equal(report_public(*state, sample_assessment(), &without), STATUS_OK);
	out = json(*state, &without);
	assert_lacks(out, SAMPLE_SECRET);
	assert_lacks(out, SAMPLE_SERIAL);
	assert_holds(out, "\"findings\":[]");
	assert_holds(json(*state, sample_assessment()), SAMPLE_SECRET);
}

static void
corrected_and_closed_rows_stay_visible(void **state)
{
	const char *out = html(*state, sample_assessment(), LANGUAGE_EN, false);

	assert_holds(out, "f00dfacecafe0002");
	assert_holds(out, "ruled false by two people");
	assert_holds(out, "closed by " SAMPLE_TESTER);
	assert_holds(out, "ruled false by two people: two people of the laboratory");
}

static void
a_failed_rule_without_findings_states_its_reason(void **state)
{
	struct assessment assessment = *sample_assessment();
	struct requirement_result results[1] = {assessment.requirements[2]};
	struct rule_result rule = results[0].rules[0];

	rule.verdict = VERDICT_FAIL;
	rule.reason = "a reason nobody has translated";
	results[0].rules = &rule;
	results[0].verdict = VERDICT_FAIL;
	assessment.requirements = results;
	assessment.requirement_count = 1;
	assert_holds(
	    html(*state, &assessment, LANGUAGE_VI, false), "a reason nobody has translated");
	assert_holds(terminal(*state, &assessment, LANGUAGE_VI, false, false),
	    "a reason nobody has translated");
}

/* What a unit says of itself stands beside what its supplier says, and is no more than its word. */
static void
a_units_box_says_what_was_declared_and_what_it_told(void **state)
{
	struct assessment assessment = *sample_assessment(), without;
	struct fact told[3] = {
	    fact_new(FACT_disclosure), fact_new(FACT_disclosure), fact_new(FACT_disclosure)};
	const char *out;

	out = html(*state, &assessment, LANGUAGE_EN, false);
	assert_holds(out, "Model (declared)</dt><dd>SM-200");
	assert_lacks(out, "Model (as the unit says)");
	told[0].subject = told[1].subject = 3; /* the unit */
	told[2].subject = 2;
	told[0].as.disclosure.value = "X-1 <b>";
	told[1].as.disclosure.value = "DS-9";
	told[2].as.disclosure.value = "of another";
	assessment.told_models = told;
	assessment.told_model_count = ARRAY_SIZE(told);
	out = html(*state, &assessment, LANGUAGE_EN, false);
	assert_well_formed(*state, out);
	assert_holds(out, "Model (as the unit says)</dt><dd>X-1 &lt;b&gt;; DS-9</dd>");
	assert_lacks(out, "of another");
	assert_holds(html(*state, &assessment, LANGUAGE_VI, false),
	    "Kiểu loại (thiết bị tự xưng)</dt><dd>X-1 &lt;b&gt;; DS-9</dd>");
	assert_holds(html(*state, &assessment, LANGUAGE_VI, false),
	    "Kiểu loại (theo khai báo)</dt><dd>SM-200");
	assert_int_equal(report_public(*state, &assessment, &without), STATUS_OK);
	assert_lacks(html(*state, &without, LANGUAGE_EN, true), "DS-9");
}

static void
an_assessment_of_nothing_is_still_a_whole_report(void **state)
{
	struct assessment nothing = *sample_assessment();
	struct report_options options = {.language = LANGUAGE_VI};
	const char *out;

	nothing.requirement_count = nothing.subject_count = 0;
	nothing.overall = VERDICT_INCONCLUSIVE;
	assert_int_equal(report_html(*state, &nothing, &options, &out), STATUS_OK);
	assert_well_formed(*state, out);
	assert_holds(out, message(LANGUAGE_VI, "Nobody has signed this assessment."));
	assert_holds(out, message(LANGUAGE_VI, "not stated"));
	assert_holds(json(*state, &nothing), "\"requirements\":[]");
}

static void
many_findings_are_counted_and_not_all_listed(void **state)
{
	struct assessment assessment = *sample_assessment();
	struct requirement_result results[1] = {assessment.requirements[0]};
	struct rule_result rule = results[0].rules[1];
	struct finding *findings = arena_array(*state, 20000, sizeof(*findings));
	const char *out;

	for (size_t i = 0; i < 20000; i++) {
		findings[i] = rule.findings[0];
		findings[i].place = arena_printf(*state, "file %05zu", i);
	}
	rule.findings = findings;
	rule.finding_count = 20000;
	results[0].rules = &rule;
	results[0].rule_count = 1;
	assessment.requirements = results;
	assessment.requirement_count = 1;
	out = html(*state, &assessment, LANGUAGE_EN, false);
	assert_holds(out, "+ 19988 more");
	assert_true(strlen(out) < 200000);
	assert_holds(terminal(*state, &assessment, LANGUAGE_EN, false, false), "+ 19994 more");
	assert_holds(json(*state, &assessment), "file 19999");
}

static void
messages_are_found_in_vietnamese_and_fall_back_to_english(void **state)
{
	(void)state;
	assert_string_equal(message(LANGUAGE_VI, "PASS"), "ĐẠT");
	assert_string_equal(message(LANGUAGE_VI, "FAIL"), "KHÔNG ĐẠT");
	assert_string_equal(message(LANGUAGE_VI, "INCONCLUSIVE"), "CHƯA KẾT LUẬN ĐƯỢC");
	assert_string_equal(message(LANGUAGE_VI, "NOT APPLICABLE"), "KHÔNG ÁP DỤNG");
	assert_string_equal(message(LANGUAGE_EN, "PASS"), "PASS");
	assert_string_equal(message(LANGUAGE_VI, "never translated"), "never translated");
	assert_string_equal(message(LANGUAGE_VI, ""), "");
}

/* The words after "-- name: " at the head of a check; NULL when the line is missing. */
static const char *
header_line(struct job *job, struct span file, const char *name)
{
	const char *prefix = arena_printf(job, "-- %s: ", name);
	size_t at = span_find(file, prefix, strlen(prefix), 0), end;

	if (at == SIZE_MAX)
		return NULL;
	at += strlen(prefix);
	end = span_find(file, "\n", 1, at);
	return arena_string(
	    job, (const char *)file.at + at, (end == SIZE_MAX ? file.size : end) - at);
}

static void
every_check_speaks_vietnamese(void **state)
{
	glob_t found;
	int missing = 0;

	assert_int_equal(glob("checks/*/*.sql", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct span file;

		assert_int_equal(file_read(*state, found.gl_pathv[i], 1 << 20, &file), STATUS_OK);
		for (int line = 0; line < 2; line++) {
			const char *words = header_line(*state, file, line ? "remedy" : "claim");

			assert_non_null(words);
			if (message(LANGUAGE_VI, words) == words) {
				print_error("%s: not in po/: %s\n", found.gl_pathv[i], words);
				missing++;
			}
		}
	}
	globfree(&found);
	assert_int_equal(missing, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(html_is_well_formed_and_self_contained_in_both_languages),
	    TEST(html_names_product_digests_profile_verdict_and_inputs),
	    TEST(a_profile_in_force_bears_no_trial_banner),
	    TEST(hostile_words_are_shown_and_never_act),
	    TEST(cleaning_keeps_good_text_and_shows_every_bad_byte),
	    TEST(every_byte_string_cleans_to_utf8),
	    TEST(the_public_forms_hold_no_place_secret_path_or_tester),
	    TEST(the_public_copy_of_the_json_has_no_finding),
	    TEST(corrected_and_closed_rows_stay_visible),
	    TEST(a_failed_rule_without_findings_states_its_reason),
	    TEST(a_units_box_says_what_was_declared_and_what_it_told),
	    TEST(an_assessment_of_nothing_is_still_a_whole_report),
	    TEST(many_findings_are_counted_and_not_all_listed),
	    TEST(messages_are_found_in_vietnamese_and_fall_back_to_english),
	    TEST(every_check_speaks_vietnamese),
	};
	int failed;

	xml_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xml_stop();
	return failed;
}
