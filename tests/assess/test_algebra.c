/* The whole table of the verdict algebra: evidence and answers on the left, the rule's verdict on
 * the right. */
#include "tests/support/algebra.h"
#include "tests/support/support.h"

struct row {
	const char *name;
	unsigned rule, evidence;
	enum verdict verdict;
};

static const struct row table[] = {
    /* 1: a fail stands, a pass needs all its needs, no rows contribute nothing */
    {"nothing at all", DECIDES, 0, VERDICT_INCONCLUSIVE},
    {"a deciding check passes", DECIDES, UNIT_LOOKED | GOOD_KEY, VERDICT_PASS},
    {"a deciding check fails", DECIDES, UNIT_LOOKED | WEAK_KEY, VERDICT_FAIL},
    {"one good and one weak", DECIDES, UNIT_LOOKED | GOOD_KEY | WEAK_KEY, VERDICT_FAIL},
    {"one good and one unknown", DECIDES, UNIT_LOOKED | GOOD_KEY | UNKNOWN_KEY,
	VERDICT_INCONCLUSIVE},
    {"looked completely and found nothing", DECIDES, UNIT_LOOKED, VERDICT_INCONCLUSIVE},
    {"a weak key on incomplete evidence", DECIDES, UNIT_LOOKED_PART | WEAK_KEY, VERDICT_FAIL},
    {"a weak key though nobody says he looked", DECIDES, WEAK_KEY, VERDICT_FAIL},
    {"a good key on incomplete evidence", DECIDES, UNIT_LOOKED_PART | GOOD_KEY,
	VERDICT_INCONCLUSIVE},
    {"a good key though nobody says he looked", DECIDES, GOOD_KEY, VERDICT_INCONCLUSIVE},
    {"an incomplete row beside a complete one", DECIDES, UNIT_LOOKED | UNIT_LOOKED_PART | GOOD_KEY,
	VERDICT_INCONCLUSIVE},
    /* 2: power, kind, state, subject */
    {"a refuting check that finds nothing proves nothing", REFUTES, IMAGE_LOOKED,
	VERDICT_INCONCLUSIVE},
    {"a refuting check refutes", REFUTES, IMAGE_LOOKED | OPEN_ACCOUNT, VERDICT_FAIL},
    {"a lowered check proves nothing", DECIDES | LOWERED, UNIT_LOOKED | GOOD_KEY,
	VERDICT_INCONCLUSIVE},
    {"a lowered check refutes", DECIDES | LOWERED, UNIT_LOOKED | WEAK_KEY, VERDICT_FAIL},
    {"a lowered check leaves it to the person", DECIDES | LOWERED | PROCEDURE,
	UNIT_LOOKED | GOOD_KEY | ANSWER_PASS, VERDICT_PASS},
    {"an image alone never proves a functional case", FROM_IMAGE, IMAGE_LOOKED | IMAGE_SETTING,
	VERDICT_INCONCLUSIVE},
    {"it may prove a conceptual one", FROM_IMAGE | CONCEPTUAL, IMAGE_LOOKED | IMAGE_SETTING,
	VERDICT_PASS},
    {"the state the case needs was seen", DECIDES | INITIALISED, UNIT_LOOKED | GOOD_KEY,
	VERDICT_PASS},
    {"only another state was seen", DECIDES | INITIALISED, FACTORY_LOOKED | WEAK_KEY_ELSEWHERE,
	VERDICT_INCONCLUSIVE},
    {"a weak key in a state of another rule", DECIDES | INITIALISED,
	UNIT_LOOKED | GOOD_KEY | WEAK_KEY_ELSEWHERE, VERDICT_PASS},
    {"a weak key in any state where none is named", DECIDES,
	UNIT_LOOKED | GOOD_KEY | WEAK_KEY_ELSEWHERE, VERDICT_FAIL},
    {"one sample where two are asked", DECIDES | TWO_SAMPLES, UNIT_LOOKED | GOOD_KEY,
	VERDICT_INCONCLUSIVE},
    {"one sample may refute all the same", DECIDES | TWO_SAMPLES, UNIT_LOOKED | WEAK_KEY,
	VERDICT_FAIL},
    /* 3: AND of checks and procedure; unanswered and unmet are unknown */
    {"check and procedure pass", DECIDES | PROCEDURE, UNIT_LOOKED | GOOD_KEY | ANSWER_PASS,
	VERDICT_PASS},
    {"the procedure is not answered", DECIDES | PROCEDURE, UNIT_LOOKED | GOOD_KEY,
	VERDICT_INCONCLUSIVE},
    {"the procedure fails", DECIDES | PROCEDURE, UNIT_LOOKED | GOOD_KEY | ANSWER_FAIL,
	VERDICT_FAIL},
    {"the person cannot pass what the machine failed", DECIDES | PROCEDURE,
	UNIT_LOOKED | WEAK_KEY | ANSWER_PASS, VERDICT_FAIL},
    {"nor what nobody looked at", DECIDES | PROCEDURE, ANSWER_PASS, VERDICT_INCONCLUSIVE},
    {"nor what a deciding check cannot tell", DECIDES | PROCEDURE,
	UNIT_LOOKED | UNKNOWN_KEY | ANSWER_PASS, VERDICT_INCONCLUSIVE},
    {"what was tried too little is closed by the procedure", REFUTES | PROCEDURE,
	SHORT_PLAN | ANSWER_PASS, VERDICT_PASS},
    {"and stays open without it", REFUTES | PROCEDURE, SHORT_PLAN, VERDICT_INCONCLUSIVE},
    {"a question about what was seen is not", REFUTES | PROCEDURE,
	IMAGE_LOOKED | DOUBTFUL_ACCOUNT | ANSWER_PASS, VERDICT_INCONCLUSIVE},
    {"a refuting check nobody ran is unknown", REFUTES | PROCEDURE, ANSWER_PASS,
	VERDICT_INCONCLUSIVE},
    {"or ran in part", REFUTES | PROCEDURE, IMAGE_LOOKED_PART | ANSWER_PASS, VERDICT_INCONCLUSIVE},
    {"a person alone decides where there is no check", PROCEDURE, ANSWER_PASS, VERDICT_PASS},
    {"or fails it", PROCEDURE, ANSWER_FAIL, VERDICT_FAIL},
    {"two checks: one passes, one refutes", DECIDES | REFUTES,
	UNIT_LOOKED | GOOD_KEY | IMAGE_LOOKED | OPEN_ACCOUNT, VERDICT_FAIL},
    {"two checks: both quiet, one decides", DECIDES | REFUTES,
	UNIT_LOOKED | GOOD_KEY | IMAGE_LOOKED, VERDICT_PASS},
    /* 4: the supplier's explanation of a fail makes it a question, until a tester rules */
    {"an explained fail is a question", DECIDES, UNIT_LOOKED | WEAK_KEY | EXPLAINED_ROWS,
	VERDICT_INCONCLUSIVE},
    {"beside a pass too", DECIDES, UNIT_LOOKED | GOOD_KEY | WEAK_KEY | EXPLAINED_ROWS,
	VERDICT_INCONCLUSIVE},
    {"and when the procedure passed", REFUTES | PROCEDURE,
	IMAGE_LOOKED | OPEN_ACCOUNT | ANSWER_PASS | EXPLAINED_ROWS, VERDICT_INCONCLUSIVE},
    {"a tester accepts it", DECIDES, UNIT_LOOKED | GOOD_KEY | WEAK_KEY | EXPLAINED_ROWS | ACCEPTED,
	VERDICT_PASS},
    {"what was accepted carries no pass", DECIDES,
	UNIT_LOOKED | WEAK_KEY | EXPLAINED_ROWS | ACCEPTED, VERDICT_INCONCLUSIVE},
    {"the procedure does", REFUTES | PROCEDURE,
	IMAGE_LOOKED | OPEN_ACCOUNT | ANSWER_PASS | EXPLAINED_ROWS | ACCEPTED, VERDICT_PASS},
    {"nothing is accepted that nobody explained", DECIDES,
	UNIT_LOOKED | GOOD_KEY | WEAK_KEY | ACCEPTED, VERDICT_FAIL},
    {"a tester says it fails all the same", DECIDES,
	UNIT_LOOKED | GOOD_KEY | WEAK_KEY | EXPLAINED_ROWS | REFUSED, VERDICT_FAIL},
    {"that is not outvoted", DECIDES,
	UNIT_LOOKED | GOOD_KEY | WEAK_KEY | EXPLAINED_ROWS | REFUSED | ACCEPTED, VERDICT_FAIL},
    {"a pass wants no explanation", DECIDES, UNIT_LOOKED | GOOD_KEY | EXPLAINED_ROWS, VERDICT_PASS},
    {"an unknown row neither", DECIDES, UNIT_LOOKED | GOOD_KEY | UNKNOWN_KEY | EXPLAINED_ROWS,
	VERDICT_INCONCLUSIVE},
    {"a person's fail is not the supplier's to explain", PROCEDURE, ANSWER_FAIL | EXPLAINED_ROWS,
	VERDICT_FAIL},
    {"not even with a tester's acceptance", PROCEDURE, ANSWER_FAIL | EXPLAINED_ROWS | ACCEPTED,
	VERDICT_FAIL},
    {"an explanation of what is not there changes nothing", DECIDES,
	UNIT_LOOKED | WEAK_KEY | UNKNOWN_ROW, VERDICT_FAIL},
    {"not even on a pass", DECIDES, UNIT_LOOKED | GOOD_KEY | UNKNOWN_ROW, VERDICT_PASS},
};

/* What is said about the rows that fail, after they were seen. */
static void
say(struct world *world, const struct plan *plan, unsigned evidence)
{
	const struct rule_result *rule;
	struct assessment before;

	if (evidence & UNKNOWN_ROW)
		algebra_add_explanation(world, "0123456789abcdef", "Dung", "it is a test vector");
	if (!(evidence & (EXPLAINED_ROWS | ACCEPTED | REFUSED)))
		return;
	algebra_assess(world, plan, &before);
	rule = &before.requirements[0].rules[0];
	for (size_t i = 0; i < rule->finding_count; i++) {
		const struct finding *finding = &rule->findings[i];

		if (evidence & EXPLAINED_ROWS)
			algebra_add_explanation(world, finding->id, "Dung", "it is a test vector");
		if (evidence & ACCEPTED && finding->verdict == VERDICT_FAIL)
			algebra_add_closing(world, finding->id, "pass", "An");
		if (evidence & REFUSED && finding->verdict == VERDICT_FAIL)
			algebra_add_closing(world, finding->id, "fail", "An");
	}
}

static void
the_table_holds_row_by_row(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct assessment assessment;
		struct world world;
		struct plan plan;

		algebra_start(&world, *state);
		algebra_fill(&world, table[i].evidence);
		algebra_make_plan(&plan, table[i].rule);
		say(&world, &plan, table[i].evidence);
		algebra_assess(&world, &plan, &assessment);
		if (assessment.requirements[0].verdict != table[i].verdict ||
		    assessment.overall != table[i].verdict)
			fail_msg("%s: %s, not %s", table[i].name,
			    verdict_name(assessment.requirements[0].verdict),
			    verdict_name(table[i].verdict));
	}
}

/* Taking evidence away never moves a rule towards PASS, whatever the evidence and the rule. */
static void
less_evidence_never_gives_a_pass(void **state)
{
	static const unsigned rules[] = {DECIDES, DECIDES | PROCEDURE, DECIDES | REFUTES,
	    DECIDES | INITIALISED | PROCEDURE, FROM_IMAGE | CONCEPTUAL};
	static const unsigned supports[] = {
	    UNIT_LOOKED, GOOD_KEY, IMAGE_LOOKED, ANSWER_PASS, IMAGE_SETTING};
	const unsigned all = UNIT_LOOKED | GOOD_KEY | IMAGE_LOOKED | ANSWER_PASS | IMAGE_SETTING;

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		for (unsigned removed = 0; removed < 1u << ARRAY_SIZE(supports); removed++) {
			struct assessment assessment;
			struct world world;
			struct plan plan;
			unsigned evidence = all;
			bool needed = false;

			for (size_t j = 0; j < ARRAY_SIZE(supports); j++)
				if (removed >> j & 1) {
					evidence &= ~supports[j];
					/* a deciding check that finds no rows contributes nothing
					 * beside a procedure that passed */
					needed |=
					    (rules[i] & DECIDES &&
						(j == 0 || (j == 1 && !(rules[i] & PROCEDURE)))) ||
					    (rules[i] & (REFUTES | FROM_IMAGE) && j == 2) ||
					    (rules[i] & PROCEDURE && j == 3) ||
					    (rules[i] & FROM_IMAGE && j == 4);
				}
			algebra_start(&world, *state);
			algebra_fill(&world, evidence);
			algebra_make_plan(&plan, rules[i]);
			algebra_assess(&world, &plan, &assessment);
			assert_int_equal(
			    assessment.overall, needed ? VERDICT_INCONCLUSIVE : VERDICT_PASS);
		}
}

struct reply {
	const char *question, *result, *role;
};

static enum verdict
answered_verdict(struct job *job, const struct reply replies[2])
{
	struct assessment assessment;
	struct world world;
	struct plan plan;

	algebra_start(&world, job);
	algebra_fill(&world, 0);
	for (size_t i = 0; i < 2; i++) {
		struct fact fact = fact_new(FACT_answer);

		fact.source = replies[i].role;
		fact.as.answer.procedure = "9.9-1-1";
		fact.as.answer.question = replies[i].question;
		fact.as.answer.result = replies[i].result;
		fact.as.answer.person = "An";
		algebra_add(&world, fact);
	}
	algebra_make_plan(&plan, PROCEDURE);
	algebra_assess(&world, &plan, &assessment);
	return assessment.overall;
}

static void
a_fail_is_not_outvoted_and_only_a_tester_passes(void **state)
{
	static const struct reply good[] = {{NULL, "inconclusive", "tester"},
	    {NULL, "pass", "tester"}},
				  again[] = {{NULL, "fail", "tester"}, {NULL, "pass", "tester"}},
				  part[] = {{"1", "fail", "tester"}, {NULL, "pass", "tester"}},
				  only_part[] = {{"1", "pass", "tester"}, {"2", "pass", "tester"}},
				  decider[] = {
				      {NULL, "pass", "decision"}, {NULL, "pass", "reviewer"}};

	assert_int_equal(answered_verdict(*state, good), VERDICT_PASS);
	assert_int_equal(answered_verdict(*state, again), VERDICT_FAIL);
	assert_int_equal(answered_verdict(*state, part), VERDICT_FAIL);
	assert_int_equal(answered_verdict(*state, only_part), VERDICT_INCONCLUSIVE);
	assert_int_equal(answered_verdict(*state, decider), VERDICT_INCONCLUSIVE);
}

static enum verdict
not_applicable_verdict(struct job *job, const char *condition, const char *support,
    const char *detail, const char *answer, const char *role, unsigned evidence)
{
	struct fact ics = fact_new(FACT_ics), fact = fact_new(FACT_answer);
	struct assessment assessment;
	struct world world;
	struct plan plan;

	algebra_start(&world, job);
	algebra_fill(&world, evidence);
	ics.as.ics.provision = "9.9-1";
	ics.as.ics.support = support;
	ics.as.ics.detail = detail;
	algebra_add(&world, ics);
	fact.source = role;
	fact.as.answer.procedure = "9.9-1-1";
	fact.as.answer.result = answer;
	fact.as.answer.person = "An";
	algebra_add(&world, fact);
	algebra_make_plan(&plan, DECIDES | PROCEDURE);
	plan.requirement.condition = condition;
	algebra_assess(&world, &plan, &assessment);
	return assessment.requirements[0].verdict;
}

static void
not_applicable_is_stated_not_contradicted_and_accepted(void **state)
{
	struct job *job = *state;

	assert_int_equal(
	    not_applicable_verdict(job, "1", "N/A", "no passwords", "not_applicable", "tester", 0),
	    VERDICT_NOT_APPLICABLE);
	assert_int_equal(
	    not_applicable_verdict(job, "", "N/A", "no passwords", "not_applicable", "tester", 0),
	    VERDICT_INCONCLUSIVE);
	assert_int_equal(
	    not_applicable_verdict(job, "1", "Y", "no passwords", "not_applicable", "tester", 0),
	    VERDICT_INCONCLUSIVE);
	assert_int_equal(
	    not_applicable_verdict(job, "1", "N/A", NULL, "not_applicable", "tester", 0),
	    VERDICT_INCONCLUSIVE);
	assert_int_equal(not_applicable_verdict(job, "1", "N/A", "no passwords", NULL, "tester", 0),
	    VERDICT_INCONCLUSIVE);
	assert_int_equal(not_applicable_verdict(
			     job, "1", "N/A", "no passwords", "not_applicable", "reviewer", 0),
	    VERDICT_INCONCLUSIVE);
	assert_int_equal(not_applicable_verdict(job, "1", "N/A", "no passwords", "not_applicable",
			     "tester", UNIT_LOOKED | WEAK_KEY),
	    VERDICT_FAIL);
	assert_int_equal(not_applicable_verdict(
			     job, "1", "N", "not built", NULL, "tester", UNIT_LOOKED | GOOD_KEY),
	    VERDICT_FAIL);
}

static void
a_row_of_the_projects_own_refers_instead_of_failing(void **state)
{
	struct assessment assessment;
	struct world world;
	struct plan plan;

	algebra_start(&world, *state);
	algebra_fill(&world, UNIT_LOOKED | WEAK_KEY);
	algebra_make_plan(&plan, DECIDES);
	plan.requirement.mandatory = false;
	plan.requirement.project_row = true;
	algebra_assess(&world, &plan, &assessment);
	assert_int_equal(assessment.requirements[0].verdict, VERDICT_FAIL);
	assert_int_equal(assessment.overall, VERDICT_INCONCLUSIVE);
	assert_true(assessment.refer);
	plan.requirement.project_row = false; /* a recommendation is not scored */
	algebra_assess(&world, &plan, &assessment);
	assert_int_equal(assessment.overall, VERDICT_PASS);
}

static void
a_profile_that_names_what_is_not_ours_does_not_load(void **state)
{
	static const struct query_parameter wrong_type = {"min_bits", "2048", false},
					    extra[] = {
						{"min_bits", "2048", true}, {"max", "1", true}};
	const struct profile_check wrong[] = {{"algebra/no_such", POWER_REFUTES, NULL, 0, 0},
	    {"algebra/refutes", POWER_DECIDES, NULL, 0, 0},
	    {"algebra/decides", POWER_DECIDES, NULL, 0, 0},
	    {"algebra/decides", POWER_DECIDES, &wrong_type, 1, 0},
	    {"algebra/decides", POWER_DECIDES, extra, 2, 0}};
	struct job *job = *state;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct evaluation evaluation = {.reference_folder = "tests/assess/data",
		    .now = 1000,
		    .program_version = "test"};
		struct assessment assessment;
		struct world world;
		struct plan plan;

		algebra_start(&world, job);
		algebra_fill(&world, 0);
		algebra_make_plan(&plan, DECIDES);
		plan.checks[0] = wrong[i];
		evaluation.profile = &plan.profile;
		evaluation.facts = &world.facts;
		assert_ok(job, catalogue_load(job, "tests/assess/checks", &evaluation.catalogue));
		assert_int_equal(evaluate(job, &evaluation, &assessment), STATUS_MALFORMED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_table_holds_row_by_row, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		less_evidence_never_gives_a_pass, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_fail_is_not_outvoted_and_only_a_tester_passes, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		not_applicable_is_stated_not_contradicted_and_accepted, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_row_of_the_projects_own_refers_instead_of_failing, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_profile_that_names_what_is_not_ours_does_not_load, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
