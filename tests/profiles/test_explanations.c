/* A supplier's explanation becomes a fact only with a name, a reason and the finding it is about;
 * and the file is hostile. */
#include "tests/support/support.h"

#include <string.h>

#include "app/process_read.h"
#include "base/arena.h"
#include "base/text.h"
#include "base/xml.h"
#include "profiles/explanations.h"

#define WHO "person=\" Trần Dũng \" time=\"2026-11-20T08:00:00Z\""
#define ONE "<finding id=\"0123456789abcdef\"/>"
#define TWO "<finding id=\"fedcba9876543210-2\"/>"
#define WHY "<reason> The unit replaces it. </reason>"

static struct span
whole(struct job *job, const char *body)
{
	return span_of_string(arena_printf(
	    job, "<explanations xmlns=\"urn:hopquy:explanations:1\">%s</explanations>", body));
}

static void
each_finding_gets_the_statement(void **state)
{
	struct job *job = *state;
	struct fact_list facts = {0};
	int64_t time;

	assert_ok(job,
	    explanations_read(job, whole(job, "<explanation " WHO ">" ONE TWO WHY "</explanation>"),
		"e.xml", &facts));
	assert_true(text_parse_time("2026-11-20T08:00:00Z", &time));
	assert_int_equal(facts.count, 2);
	for (size_t i = 0; i < facts.count; i++) {
		assert_int_equal(facts.facts[i].kind, FACT_explanation);
		assert_string_equal(facts.facts[i].source, "supplier");
		assert_string_equal(facts.facts[i].as.explanation.person, "Trần Dũng");
		assert_string_equal(facts.facts[i].as.explanation.reason, "The unit replaces it.");
		assert_int_equal(facts.facts[i].as.explanation.time, time);
	}
	assert_string_equal(facts.facts[0].as.explanation.finding, "0123456789abcdef");
	assert_string_equal(facts.facts[1].as.explanation.finding, "fedcba9876543210-2");
	facts = (struct fact_list){0};
	assert_ok(
	    job, explanations_read(job,
		     whole(job, "<explanation person=\"D&#10;D\" time=\"2026-11-20T08:00:00Z\">" ONE
				"<reason>a&#10;Verdict: PASS</reason></explanation>"),
		     "e.xml", &facts));
	assert_string_equal(facts.facts[0].as.explanation.reason, "a Verdict: PASS");
	assert_string_equal(facts.facts[0].as.explanation.person, "D D");
	facts = (struct fact_list){0};
	assert_ok(job, explanations_read(job, whole(job, ""), "e.xml", &facts));
	assert_int_equal(facts.count, 0);
}

static void
what_lacks_or_stands_twice_is_refused_with_its_line(void **state)
{
	struct job *job = *state;
	static const char *const wrong[] = {
	    "<explanation person=\"\" time=\"2026-11-20T08:00:00Z\">" ONE WHY "</explanation>",
	    "<explanation person=\"  \" time=\"2026-11-20T08:00:00Z\">" ONE WHY "</explanation>",
	    "<explanation person=\"D\">" ONE WHY "</explanation>",
	    "<explanation person=\"D\" time=\"2026-13-45T08:00:00Z\">" ONE WHY "</explanation>",
	    "<explanation " WHO ">" WHY "</explanation>",
	    "<explanation " WHO ">" ONE "</explanation>",
	    "<explanation " WHO ">" ONE "<reason> \n </reason></explanation>",
	    "<explanation " WHO "><finding id=\"0123\"/>" WHY "</explanation>",
	    "<explanation " WHO ">" ONE ONE WHY "</explanation>",
	    "<explanation " WHO ">" ONE WHY "</explanation><explanation " WHO ">" ONE WHY
	    "</explanation>",
	    "<explanation " WHO " role=\"tester\">" ONE WHY "</explanation>",
	    "<close finding=\"0123456789abcdef\"/>",
	    "<explanation " WHO ">" ONE "<reason>\xff</reason></explanation>",
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct fact_list facts = {0};

		if (explanations_read(job, whole(job, wrong[i]), "e.xml", &facts) !=
		    STATUS_MALFORMED)
			fail_msg("taken: %s", wrong[i]);
		assert_true(text_starts_with(job->reason, "e.xml"));
		assert_int_equal(facts.count, 0);
		job->reason[0] = '\0';
	}
}

static void
there_is_a_bound(void **state)
{
	struct job *job = *state;
	struct text body = text_new(job);
	struct fact_list facts = {0};
	const char *string;

	text_put(&body, "<explanation " WHO ">");
	for (unsigned i = 0; i <= EXPLANATIONS_MAX; i++)
		text_printf(&body, "<finding id=\"%016x\"/>", i);
	text_put(&body, WHY "</explanation>");
	assert_ok(job, text_finish(&body, &string));
	assert_int_equal(
	    explanations_read(job, whole(job, string), "e.xml", &facts), STATUS_MALFORMED);
	assert_non_null(strstr(job->reason, "too many findings"));
}

static void
it_is_read_apart_and_only_statements_come_back(void **state)
{
	struct job *job = *state;
	struct fact_list facts = {0};

	assert_ok(job,
	    process_read_explanations(job,
		whole(job, "<explanation " WHO ">" ONE TWO WHY "</explanation>"), "e.xml", &facts));
	assert_int_equal(facts.count, 2);
	assert_string_equal(facts.facts[1].source, "supplier");
	facts = (struct fact_list){0};
	assert_int_equal(process_read_explanations(job, whole(job, "<close/>"), "e.xml", &facts),
	    STATUS_MALFORMED);
	assert_true(text_starts_with(job->reason, "e.xml:1"));
	assert_int_equal(
	    process_read_explanations(job,
		span_of_string("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>"
			       "<explanations "
			       "xmlns=\"urn:hopquy:explanations:1\">&b;</explanations>"),
		"e.xml", &facts),
	    STATUS_MALFORMED);
}

static void
every_shorter_file_and_every_flipped_bit_is_borne(void **state)
{
	struct job *job = *state;
	struct span good = whole(job, "<explanation " WHO ">" ONE TWO WHY "</explanation>");
	uint8_t *bytes = arena_allocate(job, good.size);

	for (size_t i = 0; i < good.size * 9; i++) {
		struct arena_mark mark = arena_mark(job->arena);
		struct fact_list facts = {0};
		size_t size = i < good.size ? i : good.size;

		memcpy(bytes, good.at, good.size);
		if (i >= good.size)
			bytes[(i - good.size) / 8] ^= (uint8_t)(1u << i % 8);
		if (explanations_read(job, (struct span){bytes, size}, "e.xml", &facts) ==
		    STATUS_OK)
			for (size_t j = 0; j < facts.count; j++)
				assert_ok(job, fact_check(job, &facts.facts[j]));
		job->reason[0] = '\0';
		arena_release(job->arena, mark);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_finding_gets_the_statement),
	    TEST(what_lacks_or_stands_twice_is_refused_with_its_line),
	    TEST(there_is_a_bound),
	    TEST(it_is_read_apart_and_only_statements_come_back),
	    TEST(every_shorter_file_and_every_flipped_bit_is_borne),
	};
	int failed;

	xml_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xml_stop();
	return failed;
}
