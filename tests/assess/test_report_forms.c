/* The forms programs and terminals read: canonical JSON, XCCDF that oscap accepts, eighty columns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include "assess/report_text.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/xml.h"
#include "tests/support/sample_assessment.h"

#include <cmocka.h> /* last: it defines fail */

#define BENCHMARK "fixtures/small-benchmark.xml"
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
	const char *found = strstr(text, part);

	if (found)
		fail_msg("\"%s\" is there: %.120s", part, found);
}

static void
json_is_the_same_twice_and_differs_with_each_input(void **state)
{
	const char *first = json(*state, sample_assessment());
	struct assessment other = *sample_assessment();

	assert_string_equal(first, json(*state, sample_assessment()));
	other.now++;
	assert_string_not_equal(first, json(*state, &other));
	other = *sample_assessment();
	other.vulnerability.bytes[31] ^= 1;
	assert_string_not_equal(first, json(*state, &other));
	other = *sample_assessment();
	other.correction_count++;
	assert_string_not_equal(first, json(*state, &other));
	other = *sample_assessment();
	other.refer = true;
	assert_string_not_equal(first, json(*state, &other));
	other = *sample_assessment();
	other.rules_decided.machine++;
	assert_string_not_equal(first, json(*state, &other));
	other = *sample_assessment();
	other.explained.accepted++;
	assert_string_not_equal(first, json(*state, &other));
}

static void
json_holds_every_finding_and_its_state(void **state)
{
	const struct assessment *assessment = sample_assessment();
	const char *out = json(*state, assessment);

	for (size_t i = 0; i < assessment->requirement_count; i++)
		for (size_t j = 0; j < assessment->requirements[i].rule_count; j++)
			for (size_t k = 0; k < assessment->requirements[i].rules[j].finding_count;
			     k++)
				assert_holds(
				    out, assessment->requirements[i].rules[j].findings[k].id);
	assert_holds(out, "\"corrected\":true");
	assert_holds(out, "\"closed\":true,\"closed_by\":\"" SAMPLE_TESTER "\"");
	assert_true(text_is_utf8(out, strlen(out)));
}

static void
every_form_shows_what_stands_there_and_what_the_supplier_says(void **state)
{
	const char *out = json(*state, sample_assessment());

	assert_holds(out, "\"offset\":31,\"excerpt\":\"" SAMPLE_EXCERPT "\"");
	assert_holds(out, "\"explanation\":{\"state\":\"open\",\"person\":\"" SAMPLE_SUPPLIER "\"");
	assert_holds(out, "\"explained\":{\"open\":1,\"accepted\":0,\"refused\":0,\"idle\":0}");
	assert_holds(out, "\"remedy\":\"Lock the account");
	out = terminal(*state, sample_assessment(), LANGUAGE_EN, false, false);
	assert_holds(out, "      | " SAMPLE_EXCERPT "\n");
	assert_holds(out, "explained: not ruled on yet 1, accepted");
	assert_holds(out, "— explained by " SAMPLE_SUPPLIER ": The unit replaces it.");
	assert_holds(out, "findings' ids: f00dfacecafe0003 (VN135-01.1)");
	out = html(*state, sample_assessment(), LANGUAGE_EN, false);
	assert_holds(out, "<code class=\"excerpt\">" SAMPLE_EXCERPT "</code>");
	assert_holds(out, "explained by Trần Dũng &lt;b&gt;: The unit replaces it.");
	assert_holds(out, "a statement, which a tester has not accepted");
	assert_lacks(out, "<script");
	assert_lacks(out, "<b>:");
	out = html(*state, sample_assessment(), LANGUAGE_EN, true);
	assert_holds(out, "explained: <b>1</b>");
	assert_lacks(out, "Trần Dũng");
	assert_lacks(out, SAMPLE_EXCERPT);
}

/* An explained fail is no repair, and none of the counted fails. */
static void
an_explained_fail_is_not_among_what_to_fix(void **state)
{
	const char *out = terminal(*state, sample_assessment(), LANGUAGE_EN, false, false);
	const char *explained = strstr(out, "What the supplier explains");

	assert_non_null(explained);
	assert_null(memmem(out, (size_t)(explained - out), "admin des", strlen("admin des")));
	assert_holds(explained, "admin des");
}

static void
hundreds_of_findings_stay_readable(void **state)
{
	struct assessment assessment = *sample_assessment();
	struct requirement_result result = assessment.requirements[0];
	struct rule_result rule = result.rules[1];
	struct finding *findings = arena_array(*state, 500, sizeof *findings);
	struct report_options options = sample_options(LANGUAGE_EN, false);
	size_t lines = 0;
	const char *out;

	for (size_t i = 0; i < 500; i++) {
		findings[i] = rule.findings[2];
		findings[i].id = arena_printf(*state, "%016zx", i);
		findings[i].place = findings[i].path = arena_printf(*state, "etc/shadow.%zu", i);
		findings[i].explanation = i % 2 == 0 ? EXPLAINED : UNEXPLAINED;
		findings[i].explained_by = findings[i].explanation_reason = "x";
	}
	rule.findings = findings;
	rule.finding_count = 500;
	result.rules = &rule;
	result.rule_count = 1;
	assessment.requirements = &result;
	assessment.requirement_count = 1;
	out = terminal(*state, &assessment, LANGUAGE_EN, false, false);
	assert_holds(out, "+ 244 more");
	for (const char *at = out; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_in_range(lines, 20, 90);
	assert_int_equal(
	    report_show(*state, &assessment, &options, "5.1-1", false, &out), STATUS_OK);
	assert_holds(out, "+ 476 more");
	out = html(*state, &assessment, LANGUAGE_EN, false);
	assert_holds(out, "+ 238 more");
	assert_in_range(strlen(out), 1000, 60000);
	out = json(*state, &assessment);
	for (size_t i = 0; i < 500; i++)
		assert_holds(out, findings[i].id);
}

static void
terminal_lines_fit_eighty_columns_in_both_languages(void **state)
{
	struct assessment assessment = *sample_assessment();
	struct requirement_result results[1] = {assessment.requirements[0]};
	struct rule_result rule = results[0].rules[1];
	struct finding finding = rule.findings[0];

	for (int language = 0; language < 2; language++)
		for (int colour = 0; colour < 2; colour++)
			assert_in_range(sample_widest_line(
					    terminal(*state, &assessment, language, false, colour)),
			    40, 80);
	rule.findings = &finding;
	rule.finding_count = 1;
	results[0].rules = &rule;
	assessment.requirements = results;
	assessment.requirement_count = 1;
	results[0].rule_count = 1;
	for (size_t size = 1; size < 300; size++) {
		struct text words = text_new(*state);
		struct arena_mark mark = arena_mark(((struct job *)*state)->arena);

		for (size_t i = 0; i < size; i++)
			text_put(&words, i % 97 == 96 ? " " : i % 3 ? "摄" : "ậ");
		assert_int_equal(text_finish(&words, &finding.place), STATUS_OK);
		assert_in_range(
		    sample_widest_line(terminal(*state, &assessment, LANGUAGE_VI, false, false)),
		    40, 80);
		arena_release(((struct job *)*state)->arena, mark);
	}
}

static void
terminal_has_colour_only_when_asked(void **state)
{
	assert_holds(terminal(*state, sample_assessment(), LANGUAGE_EN, false, true),
	    "\033[1;31mFAIL\033[0m");
	assert_lacks(terminal(*state, sample_assessment(), LANGUAGE_EN, false, false), "\033");
}

static void
terminal_says_what_to_mend_and_what_is_open(void **state)
{
	const char *out = terminal(*state, sample_assessment(), LANGUAGE_EN, false, false);

	assert_true(text_starts_with(out, "FAIL\n" TRIAL_BANNER_EN " / " TRIAL_BANNER_VI "\n"));
	assert_holds(out, "Not met: No default or widely known password opens a log-in");
	assert_holds(out, "clauses it fails: VN135-01.1 (5.1-1)\n");
	assert_holds(out, "where: A 192.0.2.1:23");
	assert_holds(out, "Mandatory requirements without a verdict: 1.");
	assert_holds(out, "clauses that wait for it: VN135-05.1 (5.5-1)\n");
	assert_holds(out, "$ hopquy case answers CASE FILE\n");
}

static void
a_signature_that_does_not_hold_is_said_to_be_so(void **state)
{
	struct report_options options = sample_options(LANGUAGE_EN, false);
	const char *out;

	assert_int_equal(report_html(*state, sample_assessment(), &options, &out), STATUS_OK);
	assert_lacks(out, "stale");
	options.signatures[0].state = SIGNATURE_STALE;
	options.signatures[1].state = SIGNATURE_BAD;
	assert_int_equal(report_html(*state, sample_assessment(), &options, &out), STATUS_OK);
	assert_holds(out, "stale: the case changed after it");
	assert_holds(out, "not valid: it does not verify");
}

static void
what_does_not_apply_is_not_told_as_undecided(void **state)
{
	struct assessment assessment = *sample_assessment();
	struct requirement_result results[1] = {assessment.requirements[3]};
	struct rule_result rule = results[0].rules[0];
	struct finding answer = {.id = "0",
	    .procedure = "5.5-2-1",
	    .verdict = VERDICT_INCONCLUSIVE,
	    .fact = 1,
	    .place = "",
	    .detail = "seen in table 3"};
	struct report_options options = sample_options(LANGUAGE_EN, false);
	const char *out;

	rule.decided_by = DECIDED_BY_NOBODY;
	rule.findings = &answer;
	rule.finding_count = 1;
	rule.reason = "no check and no procedure has decided this yet";
	results[0].rules = &rule;
	assessment.requirements = results;
	assessment.requirement_count = 1;
	assessment.rules_decided.machine = assessment.rules_decided.person = 0;
	assessment.rules_decided.both = 0;
	assessment.rules_decided.nobody = 1;
	out = terminal(*state, &assessment, LANGUAGE_EN, false, false);
	assert_holds(out, "nobody yet 0, not applicable 1\n");
	assert_int_equal(report_html(*state, &assessment, &options, &out), STATUS_OK);
	assert_lacks(out, "has decided this yet");
	assert_lacks(out, "by nobody yet");
	assert_holds(out, "does not apply: the supplier stated the condition");
}

static struct span
benchmark(struct job *job)
{
	struct span bytes;

	assert_int_equal(file_read(job, BENCHMARK, 1 << 20, &bytes), STATUS_OK);
	return bytes;
}

static void
xccdf_maps_the_four_verdicts_and_never_says_notchecked(void **state)
{
	const char *out;

	assert_int_equal(
	    report_xccdf(*state, sample_assessment(), benchmark(*state), &out), STATUS_OK);
	assert_holds(out, "<result>pass</result>");
	assert_holds(out, "<result>fail</result>");
	assert_holds(out, "<result>unknown</result>");
	assert_holds(out, "<result>notapplicable</result>");
	assert_lacks(out, "notchecked");
	assert_holds(
	    out, "idref=\"xccdf_org.example_rule_5.1-1-2\" severity=\"high\" weight=\"2.0\"");
	assert_holds(
	    out, "<score system=\"urn:xccdf:scoring:flat-unweighted\" maximum=\"4\">2</score>");
	assert_holds(out, "&lt;script&gt;");
	assert_holds(out, "root md5crypt | " SAMPLE_EXCERPT " | (fact 97");
	assert_holds(out, "<message severity=\"warning\">passwords/no_enabled_account");
	assert_holds(out, "explained by Trần Dũng &lt;b&gt;");
	assert_holds(out, "not met: The firmware image holds no password hash of an account that "
			  "can log in. remedy: Lock the account");
	assert_holds(out, ": FAIL (" TRIAL_BANNER_EN " / " TRIAL_BANNER_VI ")</title>");
	assert_true(text_ends_with(out, "</TestResult>\n</Benchmark>\n"));
}

static enum status
try_benchmark(struct job *job, const char *xml, const char **out)
{
	return report_xccdf(job, sample_assessment(), span_of_string(xml), out);
}

#define OPEN                                                                                       \
	"<x:Benchmark xmlns:x='http://checklists.nist.gov/xccdf/1.2' "                             \
	"id='xccdf_org.example_benchmark_a'>"

static void
xccdf_refuses_what_cannot_take_a_result(void **state)
{
	const char *out;

	assert_int_equal(try_benchmark(*state, OPEN "</x:Benchmark >\n", &out), STATUS_OK);
	assert_true(text_ends_with(out, "</TestResult>\n</x:Benchmark >\n"));
	assert_int_equal(try_benchmark(*state, "", &out), STATUS_MALFORMED);
	assert_int_equal(try_benchmark(*state, "<Benchmark/>", &out), STATUS_MALFORMED);
	assert_int_equal(try_benchmark(*state, "<html></html>", &out), STATUS_MALFORMED);
	assert_int_equal(
	    try_benchmark(*state, OPEN "<x:signature/></x:Benchmark>", &out), STATUS_MALFORMED);
	assert_int_equal(try_benchmark(*state, OPEN "</x:Benchmark><!-- </x:Benchmark> -->", &out),
	    STATUS_MALFORMED);
	assert_int_equal(
	    try_benchmark(*state,
		"<Benchmark xmlns='http://checklists.nist.gov/xccdf/1.2' id='x'></Benchmark>",
		&out),
	    STATUS_MALFORMED);
	assert_int_equal(try_benchmark(*state,
			     "<Benchmark xmlns='http://checklists.nist.gov/xccdf/1.2' "
			     "id='xccdf_a_benchmark_b'/>",
			     &out),
	    STATUS_MALFORMED);
}

static void
xccdf_survives_a_benchmark_cut_anywhere(void **state)
{
	struct span whole = benchmark(*state);
	const char *out;

	for (size_t size = 0; size + 2 < whole.size; size += 7) {
		struct arena_mark mark = arena_mark(((struct job *)*state)->arena);

		assert_int_equal(
		    report_xccdf(*state, sample_assessment(), span_part(whole, 0, size), &out),
		    STATUS_MALFORMED);
		arena_release(((struct job *)*state)->arena, mark);
	}
}

/* Every form with its n-th allocation failing, n growing by `step`, until it succeeds. */
static void
no_allocation_may_fail_unnoticed(void **state)
{
	struct span bytes = benchmark(*state);
	struct report_options options = sample_options(LANGUAGE_VI, false);
	struct arena *arena = ((struct job *)*state)->arena;

	for (int form = 0; form < 5; form++) {
		enum status status = STATUS_LIMIT;
		size_t failures = 0;

		for (size_t n = 1; status != STATUS_OK; n += 1 + n / 40) {
			struct arena_mark mark = arena_mark(arena);
			const char *out = NULL;

			arena_fail_after(arena, n);
			status =
			    form == 0   ? report_html(*state, sample_assessment(), &options, &out)
			    : form == 1 ? report_json(*state, sample_assessment(), &out)
			    : form == 2
				? report_terminal(*state, sample_assessment(), &options, true, &out)
			    : form == 3 ? report_xccdf(*state, sample_assessment(), bytes, &out)
					: report_show(*state, sample_assessment(), &options,
					      "5.1-1", true, &out);
			arena_fail_after(arena, 0);
			assert_true(status == STATUS_OK || status == STATUS_LIMIT);
			failures += status != STATUS_OK;
			arena_release(arena, mark);
			assert_in_range(n, 1, 100000);
		}
		assert_true(failures > 0);
	}
}

/* For tests/oracles/report.sh and for eyes: `test_report --write FOLDER`. */
static int
write_forms(const char *folder)
{
	struct job *job = job_new(BUDGET);
	const char *out;
	int failed = 0;

	for (int form = 0; form < 4; form++) {
		static const char *const names[] = {
		    "en.html", "vi.html", "public.html", "result.xml"};
		const char *path = file_path_join(job, folder, names[form]);

		if (form == 3)
			assert_int_equal(
			    report_xccdf(job, sample_assessment(), benchmark(job), &out),
			    STATUS_OK);
		else
			out = html(job, sample_assessment(), form == 1, form == 2);
		failed |= file_write(job, path, span_of_string(out), 0644) != STATUS_OK;
	}
	job_free(job);
	return failed;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    TEST(json_is_the_same_twice_and_differs_with_each_input),
	    TEST(json_holds_every_finding_and_its_state),
	    TEST(every_form_shows_what_stands_there_and_what_the_supplier_says),
	    TEST(an_explained_fail_is_not_among_what_to_fix),
	    TEST(hundreds_of_findings_stay_readable),
	    TEST(terminal_lines_fit_eighty_columns_in_both_languages),
	    TEST(terminal_has_colour_only_when_asked),
	    TEST(terminal_says_what_to_mend_and_what_is_open),
	    TEST(a_signature_that_does_not_hold_is_said_to_be_so),
	    TEST(what_does_not_apply_is_not_told_as_undecided),
	    TEST(xccdf_maps_the_four_verdicts_and_never_says_notchecked),
	    TEST(xccdf_refuses_what_cannot_take_a_result),
	    TEST(xccdf_survives_a_benchmark_cut_anywhere),
	    TEST(no_allocation_may_fail_unnoticed),
	};
	int failed;

	xml_start();
	failed = argc == 3 && strcmp(argv[1], "--write") == 0
		     ? write_forms(argv[2])
		     : cmocka_run_group_tests(tests, NULL, NULL);
	xml_stop();
	return failed;
}
