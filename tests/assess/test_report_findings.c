/* What was found is told once, the worst first, with all a person needs to mend it. */
#include "tests/support/support.h"

#include <string.h>

#include "assess/report_findings.h"
#include "assess/report_text.h"
#include "base/arena.h"
#include "tests/support/sample_assessment.h"

#define CHECK "passwords/no_enabled_account_hash_in_image"

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

static bool
weighs(const void *context, const struct finding *finding)
{
	(void)context;
	return finding_weight(finding) != VERDICT_PASS;
}

static const char *
terminal(struct job *job, int language, enum verdict weight, bool colour)
{
	struct report_options options = sample_options(language, false);
	struct found_group *groups;
	const char *out;
	size_t count;

	assert_ok(job, found_collect(job, sample_assessment(), weighs, NULL, &groups, &count));
	assert_ok(job, report_findings(job, sample_assessment(), groups, count, weight, &options,
			   colour, &out));
	return out;
}

static void
what_fails_comes_before_what_is_open_and_each_thing_once(void **state)
{
	struct job *job = *state;
	struct found_group *groups;
	size_t count;

	assert_ok(job, found_collect(job, sample_assessment(), weighs, NULL, &groups, &count));
	assert_int_equal(count, 4);
	assert_int_equal(groups[0].weight, VERDICT_FAIL);
	assert_string_equal(groups[0].check, "passwords/no_default_password_opens_a_login");
	assert_int_equal(groups[0].found_count, 2);
	assert_int_equal(groups[1].weight, VERDICT_FAIL);
	assert_string_equal(groups[1].check, CHECK);
	assert_int_equal(groups[1].found_count, 1);
	assert_int_equal(groups[2].weight, VERDICT_INCONCLUSIVE);
	assert_int_equal(groups[3].weight, VERDICT_INCONCLUSIVE);
	assert_string_equal(groups[3].check, CHECK); /* the explained one */
	assert_string_equal(found_first(&groups[3].found[0])->id, "f00dfacecafe0003");
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(groups[i].requirement_count, 1);
		assert_int_equal(groups[i].mandatory_count, 1);
	}
}

/* The same row in two rules of two clauses, as a profile uses a check. */
static void
a_row_that_bears_on_two_clauses_is_one_thing(void **state)
{
	struct job *job = *state;
	struct assessment assessment = *sample_assessment();
	struct requirement_result results[2] = {
	    assessment.requirements[0], assessment.requirements[1]};
	struct finding twice[2];
	struct rule_result rules[2];
	struct found_group *groups;
	const char *out;
	size_t count;

	for (size_t i = 0; i < 2; i++) {
		rules[i] = assessment.requirements[0].rules[1];
		twice[i] = rules[i].findings[2];
		twice[i].id = i == 0 ? "0000000000000001" : "0000000000000002";
		rules[i].findings = &twice[i];
		rules[i].finding_count = 1;
		results[i].rules = &rules[i];
		results[i].rule_count = 1;
	}
	assessment.requirements = results;
	assessment.requirement_count = 2;
	assert_ok(job, found_collect(*state, &assessment, weighs, NULL, &groups, &count));
	assert_int_equal(count, 1);
	assert_int_equal(groups[0].found_count, 1);
	assert_int_equal(groups[0].found[0].bearing_count, 2);
	assert_int_equal(groups[0].requirement_count, 2);
	assert_ok(job, report_findings_json(*state, &assessment, groups, count, &out));
	assert_holds(out, "\"finding\":\"0000000000000001\"");
	assert_holds(out, "\"finding\":\"0000000000000002\"");
	assert_ptr_equal(strchr(out, '\n') + 1, out + strlen(out)); /* one line */
}

/* Two checks that one clause uses, and a second clause that only the other uses. */
static void
what_two_checks_say_of_one_fact_is_told_once(void **state)
{
	struct job *job = *state;
	struct assessment assessment = *sample_assessment();
	struct requirement_result result = assessment.requirements[0];
	struct rule_result rule = result.rules[1];
	struct finding rows[3] = {rule.findings[2], rule.findings[2], rule.findings[2]};
	struct found_group *groups;
	const char *out;
	struct report_options options = sample_options(LANGUAGE_EN, false);
	size_t count;

	for (size_t i = 0; i < 3; i++)
		rows[i].fact = i == 2 ? 78 : 77;
	rows[0].check = "a/first";
	rows[0].id = "0000000000000001";
	rows[1].id = "0000000000000002";
	rows[2].id = "0000000000000003";
	rows[2].path = "user76";
	rows[1].path = rows[0].path = "user1000";
	rule.findings = rows;
	rule.finding_count = 3;
	result.rules = &rule;
	result.rule_count = 1;
	assessment.requirements = &result;
	assessment.requirement_count = 1;
	assert_ok(job, found_collect(job, &assessment, weighs, NULL, &groups, &count));
	assert_int_equal(count, 2);
	assert_int_equal(groups[0].found_count, 1);
	assert_int_equal(groups[0].found[0].bearing_count, 2);
	assert_int_equal(groups[1].found_count, 1);
	assert_string_equal(found_first(&groups[1].found[0])->id, "0000000000000003");
	assert_ok(job,
	    report_findings(job, &assessment, groups, count, VERDICT_FAIL, &options, false, &out));
	assert_holds(out, "says the same: " CHECK);
	assert_ok(job, report_findings_json(job, &assessment, groups, count, &out));
	assert_holds(out, "\"finding\":\"0000000000000002\",\"check\":\"" CHECK "\"");

	rows[2] = rows[1]; /* places are counted, not spelled */
	rows[2].path = "user76";
	rows[2].fact = 79;
	rows[0].check = CHECK;
	rows[0].detail = "x";
	assert_ok(job, found_collect(job, &assessment, weighs, NULL, &groups, &count));
	assert_int_equal(count, 1);
	assert_string_equal(found_first(&groups[0].found[0])->path, "user76");
}

static void
a_person_reads_where_what_why_and_how_in_eighty_columns(void **state)
{
	const char *out = terminal(*state, LANGUAGE_EN, VERDICT_FAIL, false);

	assert_holds(out, "at offset 0x1f\n      | " SAMPLE_EXCERPT "\n      root md5crypt "
			  "[f00dfacecafe0001]\n");
	assert_holds(out, "clause: VN135-01.1 (5.1-1): Every camera password");
	assert_holds(out, "remedy: Lock the account in the image");
	assert_holds(out, "check: " CHECK);
	assert_lacks(out, "admin des");
	assert_lacks(out, "\x1b");
	out = terminal(*state, LANGUAGE_EN, VERDICT_INCONCLUSIVE, false);
	assert_holds(out, "Cannot be told: ");
	assert_holds(out, "\\u{1b}[31m");
	assert_holds(terminal(*state, LANGUAGE_EN, VERDICT_FAIL, true), "\033[1;31m");
	for (int language = 0; language < 2; language++)
		for (int weight = VERDICT_FAIL; weight <= VERDICT_INCONCLUSIVE; weight++)
			assert_in_range(sample_widest_line(
					    terminal(*state, language, (enum verdict)weight, true)),
			    40, 80);
}

static void
a_place_is_told_in_the_readers_language(void **state)
{
	struct job *job = *state;

	assert_string_equal(
	    report_place(job, LANGUAGE_VI, "a.bin: etc/x at 0x3b"), "a.bin: etc/x tại vị trí 0x3b");
	assert_string_equal(
	    report_place(job, LANGUAGE_EN, "a.bin: etc/x at 0x3b"), "a.bin: etc/x at 0x3b");
	assert_string_equal(
	    report_place(job, LANGUAGE_VI, "a.bin: etc/x at 0xno"), "a.bin: etc/x at 0xno");
	assert_string_equal(report_place(job, LANGUAGE_VI, "at 0x"), "at 0x");
}

static void
no_allocation_may_fail_unnoticed(void **state)
{
	struct report_options options = sample_options(LANGUAGE_VI, false);
	struct job *job = *state;
	enum status status = STATUS_LIMIT;
	size_t failures = 0;

	for (size_t n = 1; status != STATUS_OK; n++) {
		struct arena_mark mark = arena_mark(job->arena);
		struct found_group *groups;
		const char *out;
		size_t count;

		arena_fail_after(job->arena, n);
		status = found_collect(job, sample_assessment(), weighs, NULL, &groups, &count);
		if (status == STATUS_OK)
			status = report_findings(job, sample_assessment(), groups, count,
			    VERDICT_FAIL, &options, true, &out);
		if (status == STATUS_OK)
			status =
			    report_findings_json(job, sample_assessment(), groups, count, &out);
		arena_fail_after(job->arena, 0);
		assert_true(status == STATUS_OK || status == STATUS_LIMIT);
		failures += status != STATUS_OK;
		arena_release(job->arena, mark);
		assert_in_range(n, 1, 100000);
	}
	assert_true(failures > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_fails_comes_before_what_is_open_and_each_thing_once),
	    TEST(a_row_that_bears_on_two_clauses_is_one_thing),
	    TEST(what_two_checks_say_of_one_fact_is_told_once),
	    TEST(a_person_reads_where_what_why_and_how_in_eighty_columns),
	    TEST(a_place_is_told_in_the_readers_language),
	    TEST(no_allocation_may_fail_unnoticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
