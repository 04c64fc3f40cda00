/* What people say about findings: corrections, closings, the supplier's explanations. */
#include "tests/support/algebra.h"
#include "tests/support/support.h"

static void
add_correction(struct world *world, const char *finding, const char *tester, const char *reviewer,
    const char *evidence)
{
	struct fact fact = fact_new(FACT_correction);

	fact.as.correction.finding = finding;
	fact.as.correction.ruling = "false_positive";
	fact.as.correction.reason = "the key is a test vector";
	fact.as.correction.evidence = evidence;
	fact.as.correction.tester = tester;
	fact.as.correction.reviewer = reviewer;
	algebra_add(world, fact);
}

static enum verdict
corrected_verdict(struct job *job, const char *tester, const char *reviewer, const char *evidence,
    int64_t *corrections)
{
	struct assessment before, after;
	struct world world;
	struct plan plan;

	algebra_start(&world, job);
	algebra_fill(&world, UNIT_LOOKED | GOOD_KEY | WEAK_KEY);
	algebra_make_plan(&plan, DECIDES);
	algebra_assess(&world, &plan, &before);
	for (size_t i = 0; i < before.requirements[0].rules[0].finding_count; i++)
		if (before.requirements[0].rules[0].findings[i].verdict == VERDICT_FAIL)
			add_correction(&world, before.requirements[0].rules[0].findings[i].id,
			    tester, reviewer, evidence);
	algebra_assess(&world, &plan, &after);
	*corrections = after.correction_count;
	assert_int_equal(after.requirements[0].rules[0].finding_count,
	    before.requirements[0].rules[0].finding_count); /* the machine's row stays visible */
	return after.overall;
}

static void
only_two_people_with_evidence_rule_a_finding_false(void **state)
{
	int64_t corrections;

	assert_int_not_equal(
	    corrected_verdict(*state, "An", "Binh", "ab", &corrections), VERDICT_FAIL);
	assert_int_equal(corrections, 1);
	assert_int_equal(corrected_verdict(*state, "An", "An", "ab", &corrections), VERDICT_FAIL);
	assert_int_equal(corrected_verdict(*state, "An", NULL, "ab", &corrections), VERDICT_FAIL);
	assert_int_equal(corrected_verdict(*state, "An", "Binh", NULL, &corrections), VERDICT_FAIL);
}

static enum verdict
closed_verdict(struct job *job, unsigned evidence, const char *person, const char *note,
    const char *attachment)
{
	struct fact closing = fact_new(FACT_answer);
	struct assessment before, after;
	struct world world;
	struct plan plan;

	algebra_start(&world, job);
	algebra_fill(&world, evidence);
	algebra_make_plan(&plan, DECIDES);
	algebra_assess(&world, &plan, &before);
	for (size_t i = 0; i < before.requirements[0].rules[0].finding_count; i++) {
		const struct finding *finding = &before.requirements[0].rules[0].findings[i];

		if (finding->verdict == VERDICT_PASS)
			continue;
		closing.source = "tester";
		closing.as.answer.closes_fact = finding->id;
		closing.as.answer.result = "pass";
		closing.as.answer.person = person;
		closing.as.answer.note = note;
		closing.as.answer.attachment = attachment;
		algebra_add(&world, closing);
	}
	algebra_assess(&world, &plan, &after);
	return after.overall;
}

static void
a_person_closes_an_inconclusive_row_and_never_a_fail(void **state)
{
	assert_int_equal(
	    closed_verdict(*state, UNIT_LOOKED | GOOD_KEY | WEAK_KEY, "An", "seen", "ab"),
	    VERDICT_FAIL);
	assert_int_equal(
	    closed_verdict(*state, UNIT_LOOKED | GOOD_KEY | UNKNOWN_KEY, "An", "", "ab"),
	    VERDICT_INCONCLUSIVE);
	assert_int_equal(
	    closed_verdict(*state, UNIT_LOOKED | GOOD_KEY | UNKNOWN_KEY, NULL, "seen", "ab"),
	    VERDICT_INCONCLUSIVE);
	assert_int_equal(
	    closed_verdict(*state, UNIT_LOOKED | GOOD_KEY | UNKNOWN_KEY, "An", "seen", NULL),
	    VERDICT_INCONCLUSIVE);
	assert_int_equal(
	    closed_verdict(*state, UNIT_LOOKED | GOOD_KEY | UNKNOWN_KEY, "An", "seen", "ab"),
	    VERDICT_PASS);
}

static void
what_nobody_looked_at_cannot_be_closed(void **state)
{
	assert_int_equal(
	    closed_verdict(*state, GOOD_KEY, "An", "seen", "ab"), VERDICT_INCONCLUSIVE);
	assert_int_equal(
	    closed_verdict(*state, UNIT_LOOKED_PART | GOOD_KEY, "An", "seen", "ab"), VERDICT_PASS);
}

static void
a_ruling_does_not_cover_what_came_after_it(void **state)
{
	struct assessment before, after;
	struct world world;
	struct plan plan;

	algebra_start(&world, *state);
	algebra_fill(&world, UNIT_LOOKED | WEAK_KEY);
	algebra_make_plan(&plan, DECIDES);
	algebra_assess(&world, &plan, &before);
	add_correction(&world, before.requirements[0].rules[0].findings[0].id, "An", "Binh", "ab");
	algebra_assess(&world, &plan, &after);
	assert_int_not_equal(after.overall, VERDICT_FAIL);
	algebra_add_key(&world, 512, "initialised"); /* the same weakness, seen again */
	algebra_assess(&world, &plan, &after);
	assert_int_equal(after.overall, VERDICT_FAIL);
}

static void
start_with_weak_key(struct world *world, struct plan *plan, struct job *job, const char **id)
{
	struct assessment before;

	algebra_start(world, job);
	algebra_fill(world, UNIT_LOOKED | WEAK_KEY);
	algebra_make_plan(plan, DECIDES);
	algebra_assess(world, plan, &before);
	*id = algebra_only_finding(&before)->id;
}

static void
an_explanation_is_shown_and_counted_whatever_becomes_of_it(void **state)
{
	struct assessment after;
	struct world world;
	struct plan plan;
	const char *id;

	start_with_weak_key(&world, &plan, *state, &id);
	algebra_add_explanation(&world, id, "Dung", "the key is a test vector");
	algebra_add_explanation(&world, "0123456789abcdef", "Dung", "another build");
	algebra_assess(&world, &plan, &after);
	assert_int_equal(algebra_only_finding(&after)->verdict, VERDICT_FAIL);
	assert_int_equal(algebra_only_finding(&after)->explanation, EXPLAINED);
	assert_string_equal(algebra_only_finding(&after)->explained_by, "Dung");
	assert_string_equal(
	    algebra_only_finding(&after)->explanation_reason, "the key is a test vector");
	assert_string_equal(algebra_only_finding(&after)->id, id);
	assert_int_equal(after.explained.open, 1);
	assert_int_equal(after.idle_explanation_count, 1);
	assert_string_equal(after.idle_explanations[0]->as.explanation.finding, "0123456789abcdef");
	assert_int_equal(after.requirements[0].rules[0].decided_by, DECIDED_BY_NOBODY);
	algebra_add_closing(&world, id, "pass", "An");
	algebra_assess(&world, &plan, &after);
	assert_int_equal(algebra_only_finding(&after)->verdict, VERDICT_FAIL);
	assert_true(algebra_only_finding(&after)->closed);
	assert_string_equal(algebra_only_finding(&after)->closed_by, "An");
	assert_string_equal(algebra_only_finding(&after)->explained_by, "Dung");
	assert_int_equal(after.explained.open, 0);
	assert_int_equal(after.explained.accepted, 1);
	algebra_add_closing(&world, id, "fail", "Binh");
	algebra_assess(&world, &plan, &after);
	assert_false(algebra_only_finding(&after)->closed);
	assert_int_equal(algebra_only_finding(&after)->explanation, EXPLANATION_REFUSED);
	assert_string_equal(algebra_only_finding(&after)->explained_by, "Dung");
	assert_int_equal(after.explained.refused, 1);
	assert_int_equal(after.overall, VERDICT_FAIL);
}

static void
an_explanation_wants_a_name_and_a_reason(void **state)
{
	static const char *const said[][2] = {
	    {NULL, "a reason"}, {"", "a reason"}, {"Dung", NULL}, {"Dung", ""}};

	for (size_t i = 0; i < ARRAY_SIZE(said); i++) {
		struct assessment after;
		struct world world;
		struct plan plan;
		const char *id;

		start_with_weak_key(&world, &plan, *state, &id);
		algebra_add_explanation(&world, id, said[i][0], said[i][1]);
		algebra_assess(&world, &plan, &after);
		assert_int_equal(after.overall, VERDICT_FAIL);
	}
}

static void
only_another_person_accepts_and_only_what_was_read(void **state)
{
	struct assessment after;
	struct world world;
	struct plan plan;
	const char *id;

	start_with_weak_key(&world, &plan, *state, &id);
	algebra_add_closing(&world, id, "pass", "An"); /* of nothing yet */
	algebra_assess(&world, &plan, &after);
	assert_int_equal(after.overall, VERDICT_FAIL);
	algebra_add_explanation(&world, id, "Dung", "one reason");
	algebra_assess(&world, &plan, &after);
	assert_int_equal(after.explained.open, 1);
	algebra_add_closing(&world, id, "pass", "dung"); /* who explained it */
	algebra_assess(&world, &plan, &after);
	assert_int_equal(after.explained.open, 1);
	algebra_add_closing(&world, id, "pass", "An");
	algebra_assess(&world, &plan, &after);
	assert_int_equal(after.explained.accepted, 1);
	algebra_add_explanation(&world, id, "Dung", "one reason"); /* the same file once more */
	algebra_assess(&world, &plan, &after);
	assert_int_equal(after.explained.accepted, 1);
	algebra_add_explanation(
	    &world, id, "Dung", "another reason"); /* nobody has read that one */
	algebra_assess(&world, &plan, &after);
	assert_int_equal(after.explained.open, 1);
	assert_string_equal(algebra_only_finding(&after)->explanation_reason, "another reason");
}

static void
an_explanation_does_not_cover_what_came_after_it(void **state)
{
	struct assessment after;
	struct world world;
	struct plan plan;
	const char *id;

	start_with_weak_key(&world, &plan, *state, &id);
	algebra_add_explanation(&world, id, "Dung", "a reason");
	algebra_add_key(&world, 768, "initialised"); /* another weakness */
	algebra_assess(&world, &plan, &after);
	assert_int_equal(after.overall, VERDICT_FAIL);
	algebra_start(&world, *state);
	algebra_add_explanation(&world, id, "Dung", "a reason");
	algebra_fill(&world, 0);
	world.facts.facts[1].subject = 0;
	algebra_add_looked(&world, 2, "key", "tls", "initialised", true);
	world.facts.facts[world.facts.count - 1].subject = 2;
	algebra_add_key(&world, 512, "initialised"); /* the same, seen later */
	world.facts.facts[world.facts.count - 1].subject = 2;
	algebra_assess(&world, &plan, &after);
	assert_string_equal(algebra_only_finding(&after)->id, id);
	assert_int_equal(after.overall, VERDICT_FAIL);
	assert_int_equal(after.idle_explanation_count, 1);
}

static void
what_fails_is_not_made_not_applicable_by_an_explanation(void **state)
{
	struct fact ics = fact_new(FACT_ics), answer = fact_new(FACT_answer);
	struct assessment after;
	struct world world;
	struct plan plan;
	const char *id;

	start_with_weak_key(&world, &plan, *state, &id);
	ics.as.ics.provision = "9.9-1";
	ics.as.ics.support = "N/A";
	ics.as.ics.detail = "no keys";
	algebra_add(&world, ics);
	answer.source = "tester";
	answer.as.answer.procedure = "9.9-1-1";
	answer.as.answer.result = "not_applicable";
	answer.as.answer.person = "An";
	algebra_add(&world, answer);
	algebra_add_explanation(&world, id, "Dung", "a reason");
	plan.requirement.condition = "1";
	algebra_assess(&world, &plan, &after);
	assert_int_equal(after.requirements[0].verdict, VERDICT_INCONCLUSIVE);
	algebra_add_closing(&world, id, "pass", "An");
	algebra_assess(&world, &plan, &after);
	assert_int_equal(after.requirements[0].verdict, VERDICT_NOT_APPLICABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		only_two_people_with_evidence_rule_a_finding_false, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_person_closes_an_inconclusive_row_and_never_a_fail, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_nobody_looked_at_cannot_be_closed, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_ruling_does_not_cover_what_came_after_it, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_explanation_is_shown_and_counted_whatever_becomes_of_it, setup_job,
		teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_explanation_wants_a_name_and_a_reason, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		only_another_person_accepts_and_only_what_was_read, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_explanation_does_not_cover_what_came_after_it, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_fails_is_not_made_not_applicable_by_an_explanation, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
