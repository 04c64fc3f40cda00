/* A clause shown on a terminal: whole, in eighty columns, with what mends it. */
#include "tests/support/support.h"

#include <string.h>

#include "tests/support/sample_assessment.h"

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

static const char *
show(struct job *job, int language, const char *clause)
{
	struct report_options options = sample_options(language, false);
	const char *out = NULL;

	assert_int_equal(
	    report_show(job, sample_assessment(), &options, clause, false, &out), STATUS_OK);
	return out;
}

static void
every_clause_is_shown_in_one_table_of_eighty_columns(void **state)
{
	const struct assessment *assessment = sample_assessment();

	for (int language = 0; language < 2; language++) {
		const char *out = show(*state, language, NULL);

		assert_in_range(sample_widest_line(out), 40, 80);
		for (size_t i = 0; i < assessment->requirement_count; i++)
			assert_holds(out, assessment->requirements[i].requirement->id);
	}
	assert_true(text_starts_with(
	    show(*state, LANGUAGE_EN, NULL), "VN135-01.1  FAIL            Every camera password"));
}

static void
one_clause_is_shown_whole_with_the_worst_first_and_its_remedy(void **state)
{
	const struct requirement_result *result = &sample_assessment()->requirements[0];
	const char *out;

	for (int language = 0; language < 2; language++) {
		out = show(*state, language, "5.1-1");
		assert_in_range(sample_widest_line(out), 40, 80);
		for (size_t i = 0; i < result->rule_count; i++)
			for (size_t j = 0; j < result->rules[i].finding_count; j++)
				assert_holds(out, result->rules[i].findings[j].id);
	}
	out = show(*state, LANGUAGE_EN, "VN135-01.1");
	assert_holds(out, "No default or widely known password opens a log-in of the unit.");
	assert_holds(out, "remedy: Ship each unit with a password of its own");
	assert_holds(out, "ruled false by two people");
	assert_holds(out, "412]");
	assert_lacks(out, "VN135-05.1");
	assert_lacks(out, "\x1b");
	out = show(*state, LANGUAGE_EN, "5.5-1");
	assert_true(strstr(out, "INCONCLUSIVE A 192.0.2.1:8443") < strstr(out, "PASS A 192.0.2.1"));
	assert_lacks(out, "remedy");
}

static void
a_clause_the_profile_has_not_is_refused(void **state)
{
	struct report_options options = sample_options(LANGUAGE_EN, false);
	const char *out;

	assert_int_equal(
	    report_show(*state, sample_assessment(), &options, "9.9-9", false, &out), STATUS_USAGE);
	assert_holds(((struct job *)*state)->reason, "9.9-9");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(every_clause_is_shown_in_one_table_of_eighty_columns),
	    TEST(one_clause_is_shown_whole_with_the_worst_first_and_its_remedy),
	    TEST(a_clause_the_profile_has_not_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
