/* The whole table of the verdict algebra: evidence and answers on the left, the rule's verdict on
 * the right. */
#include "tests/support/support.h"

#include <string.h>

#include "assess/evaluate.h"
#include "assess/judge.h"
#include "base/text.h"

/* What is in the case, one letter each. */
#define UNIT_LOOKED 1u      /* the unit's keys were looked for, completely, initialised */
#define UNIT_LOOKED_PART 2u /* … but not completely */
#define GOOD_KEY 4u
#define WEAK_KEY 8u
#define UNKNOWN_KEY 16u
#define IMAGE_LOOKED 32u
#define OPEN_ACCOUNT 64u
#define DOUBTFUL_ACCOUNT 128u
#define IMAGE_SETTING 256u /* the image says something good */
#define ANSWER_PASS 512u
#define ANSWER_FAIL 1024u
#define WEAK_KEY_ELSEWHERE 2048u /* seen in a state the rule does not speak of */
#define IMAGE_LOOKED_PART 4096u
#define SHORT_PLAN 16384u     /* the image was looked at, with fewer trials than asked */
#define FACTORY_LOOKED 8192u  /* the unit was looked at in the factory state only */
#define EXPLAINED_ROWS 32768u /* the supplier explains every row that fails */
#define ACCEPTED 65536u       /* … and a tester accepts each, */
#define REFUSED 131072u       /* … or says that it fails all the same */
#define UNKNOWN_ROW 262144u   /* the supplier explains what is not there */

/* Which checks and procedure the rule has. */
#define DECIDES 1u
#define REFUTES 2u
#define FROM_IMAGE 4u
#define PROCEDURE 8u
#define LOWERED 16u /* the profile lowers the deciding check to refuting */
#define CONCEPTUAL 32u
#define INITIALISED 64u /* the case needs this state */
#define TWO_SAMPLES 128u

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

struct world {
	struct job *job;
	struct fact_list facts;
	struct evidence sink;
	int64_t tried;
};

static struct fact *
add(struct world *world, struct fact fact)
{
	fact.fact = (int64_t)world->facts.count + 1;
	if (fact.source == NULL)
		fact.source = "test";
	assert_ok(world->job, world->sink.add(&world->sink, world->job, &fact));
	return &world->facts.facts[world->facts.count - 1];
}

static void
add_subject(struct world *world, const char *type)
{
	struct fact fact = fact_new(FACT_subject);

	fact.as.subject.type = type;
	fact.as.subject.name = type;
	add(world, fact);
}

static void
add_looked(struct world *world, int64_t subject, const char *kind, const char *source,
    const char *state, bool complete)
{
	struct fact fact = fact_new(FACT_looked);

	fact.subject = subject;
	fact.state = state;
	fact.as.looked.kind = kind;
	fact.as.looked.from_source = source;
	fact.as.looked.complete = complete;
	fact.as.looked.reason = complete ? NULL : "cut off";
	fact.as.looked.required = 10;
	fact.as.looked.tried = world->tried;
	add(world, fact);
}

static void
add_key(struct world *world, int64_t bits, const char *state)
{
	struct fact fact = fact_new(FACT_key);

	fact.subject = 1;
	fact.state = state;
	fact.port = 443;
	fact.as.key.bits = bits;
	add(world, fact);
}

static void
add_account(struct world *world, int64_t enabled)
{
	struct fact fact = fact_new(FACT_account);

	fact.subject = 2;
	fact.path = "0.squashfs/etc/shadow";
	fact.as.account.user = "root";
	fact.as.account.enabled = enabled;
	add(world, fact);
}

static void
add_answer(struct world *world, const char *result)
{
	struct fact fact = fact_new(FACT_answer);

	fact.source = "tester";
	fact.as.answer.procedure = "9.9-1-1";
	fact.as.answer.result = result;
	fact.as.answer.person = "An";
	add(world, fact);
}

static void
fill(struct world *world, unsigned evidence)
{
	struct fact setting = fact_new(FACT_setting);

	add_subject(world, "unit");
	add_subject(world, "image");
	if (evidence & UNIT_LOOKED)
		add_looked(world, 1, "key", "tls", "initialised", true);
	if (evidence & UNIT_LOOKED_PART)
		add_looked(world, 1, "key", "tls", "initialised", false);
	if (evidence & FACTORY_LOOKED)
		add_looked(world, 1, "key", "tls", "factory_default", true);
	world->tried = evidence & SHORT_PLAN ? 3 : 10;
	if (evidence & (IMAGE_LOOKED | IMAGE_LOOKED_PART | SHORT_PLAN)) {
		add_looked(world, 2, "account", "accounts", NULL, !(evidence & IMAGE_LOOKED_PART));
		add_looked(world, 2, "setting", "settings", NULL, !(evidence & IMAGE_LOOKED_PART));
	}
	if (evidence & GOOD_KEY)
		add_key(world, 4096, "initialised");
	if (evidence & WEAK_KEY)
		add_key(world, 512, "initialised");
	if (evidence & UNKNOWN_KEY)
		add_key(world, UNKNOWN, "initialised");
	if (evidence & WEAK_KEY_ELSEWHERE)
		add_key(world, 512, "factory_default");
	if (evidence & OPEN_ACCOUNT)
		add_account(world, 1);
	if (evidence & DOUBTFUL_ACCOUNT)
		add_account(world, UNKNOWN);
	setting.subject = 2;
	setting.as.setting.name = "a";
	if (evidence & IMAGE_SETTING)
		add(world, setting);
	if (evidence & ANSWER_PASS)
		add_answer(world, "pass");
	if (evidence & ANSWER_FAIL)
		add_answer(world, "fail");
}

static const struct query_parameter min_bits = {"min_bits", "2048", true};
static const char *const initialised[] = {"initialised"};

struct plan {
	struct profile profile;
	struct profile_requirement requirement;
	struct profile_rule rule;
	struct profile_check checks[3];
};

static void
make_plan(struct plan *plan, unsigned parts)
{
	memset(plan, 0, sizeof *plan);
	plan->rule = (struct profile_rule){.id = "rule",
	    .test_case = "9.9-1-1",
	    .kind = parts & CONCEPTUAL ? CASE_CONCEPTUAL : CASE_FUNCTIONAL,
	    .reach = "any",
	    .samples = parts & TWO_SAMPLES ? 2 : 1,
	    .checks = plan->checks,
	    .procedure = parts & PROCEDURE ? "9.9-1-1" : NULL,
	    .states = initialised,
	    .state_count = parts & INITIALISED ? 1 : 0};
	if (parts & DECIDES)
		plan->checks[plan->rule.check_count++] = (struct profile_check){"algebra/decides",
		    parts & LOWERED ? POWER_REFUTES : POWER_DECIDES, &min_bits, 1, 0};
	if (parts & REFUTES)
		plan->checks[plan->rule.check_count++] =
		    (struct profile_check){"algebra/refutes", POWER_REFUTES, NULL, 0, 0};
	if (parts & FROM_IMAGE)
		plan->checks[plan->rule.check_count++] =
		    (struct profile_check){"algebra/from_image", POWER_DECIDES, NULL, 0, 0};
	plan->requirement = (struct profile_requirement){.id = "row",
	    .provision = "9.9-1",
	    .mandatory = true,
	    .condition = "",
	    .rules = &plan->rule,
	    .rule_count = 1};
	plan->profile = (struct profile){.id = "test",
	    .status = "in_force",
	    .requirements = &plan->requirement,
	    .requirement_count = 1};
}

static void
assess(struct world *world, const struct plan *plan, struct assessment *assessment)
{
	struct evaluation evaluation = {.profile = &plan->profile,
	    .reference_folder = "tests/assess/data",
	    .facts = &world->facts,
	    .now = 1000,
	    .program_version = "test"};

	assert_ok(
	    world->job, catalogue_load(world->job, "tests/assess/checks", &evaluation.catalogue));
	assert_ok(world->job, evaluate(world->job, &evaluation, assessment));
}

static void
start(struct world *world, struct job *job)
{
	memset(world, 0, sizeof *world);
	world->job = job;
	world->sink = evidence_to_list(&world->facts);
}

static void
add_explanation(struct world *world, const char *finding, const char *person, const char *reason)
{
	struct fact fact = fact_new(FACT_explanation);

	fact.source = "supplier";
	fact.as.explanation.finding = finding;
	fact.as.explanation.person = person;
	fact.as.explanation.reason = reason;
	add(world, fact);
}

static void
add_closing(struct world *world, const char *finding, const char *result, const char *person)
{
	struct fact fact = fact_new(FACT_answer);

	fact.source = "tester";
	fact.as.answer.closes_fact = finding;
	fact.as.answer.result = result;
	fact.as.answer.person = person;
	fact.as.answer.note = "looked at it";
	fact.as.answer.attachment = "ab";
	add(world, fact);
}

/* What is said about the rows that fail, after they were seen. */
static void
say(struct world *world, const struct plan *plan, unsigned evidence)
{
	const struct rule_result *rule;
	struct assessment before;

	if (evidence & UNKNOWN_ROW)
		add_explanation(world, "0123456789abcdef", "Dung", "it is a test vector");
	if (!(evidence & (EXPLAINED_ROWS | ACCEPTED | REFUSED)))
		return;
	assess(world, plan, &before);
	rule = &before.requirements[0].rules[0];
	for (size_t i = 0; i < rule->finding_count; i++) {
		const struct finding *finding = &rule->findings[i];

		if (evidence & EXPLAINED_ROWS)
			add_explanation(world, finding->id, "Dung", "it is a test vector");
		if (evidence & ACCEPTED && finding->verdict == VERDICT_FAIL)
			add_closing(world, finding->id, "pass", "An");
		if (evidence & REFUSED && finding->verdict == VERDICT_FAIL)
			add_closing(world, finding->id, "fail", "An");
	}
}

static void
the_table_holds_row_by_row(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct assessment assessment;
		struct world world;
		struct plan plan;

		start(&world, *state);
		fill(&world, table[i].evidence);
		make_plan(&plan, table[i].rule);
		say(&world, &plan, table[i].evidence);
		assess(&world, &plan, &assessment);
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
			start(&world, *state);
			fill(&world, evidence);
			make_plan(&plan, rules[i]);
			assess(&world, &plan, &assessment);
			assert_int_equal(
			    assessment.overall, needed ? VERDICT_INCONCLUSIVE : VERDICT_PASS);
		}
}

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
	add(world, fact);
}

static enum verdict
corrected_verdict(struct job *job, const char *tester, const char *reviewer, const char *evidence,
    int64_t *corrections)
{
	struct assessment before, after;
	struct world world;
	struct plan plan;

	start(&world, job);
	fill(&world, UNIT_LOOKED | GOOD_KEY | WEAK_KEY);
	make_plan(&plan, DECIDES);
	assess(&world, &plan, &before);
	for (size_t i = 0; i < before.requirements[0].rules[0].finding_count; i++)
		if (before.requirements[0].rules[0].findings[i].verdict == VERDICT_FAIL)
			add_correction(&world, before.requirements[0].rules[0].findings[i].id,
			    tester, reviewer, evidence);
	assess(&world, &plan, &after);
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

	start(&world, job);
	fill(&world, evidence);
	make_plan(&plan, DECIDES);
	assess(&world, &plan, &before);
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
		add(&world, closing);
	}
	assess(&world, &plan, &after);
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

struct reply {
	const char *question, *result, *role;
};

static enum verdict
answered_verdict(struct job *job, const struct reply replies[2])
{
	struct assessment assessment;
	struct world world;
	struct plan plan;

	start(&world, job);
	fill(&world, 0);
	for (size_t i = 0; i < 2; i++) {
		struct fact fact = fact_new(FACT_answer);

		fact.source = replies[i].role;
		fact.as.answer.procedure = "9.9-1-1";
		fact.as.answer.question = replies[i].question;
		fact.as.answer.result = replies[i].result;
		fact.as.answer.person = "An";
		add(&world, fact);
	}
	make_plan(&plan, PROCEDURE);
	assess(&world, &plan, &assessment);
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

static void
a_ruling_does_not_cover_what_came_after_it(void **state)
{
	struct assessment before, after;
	struct world world;
	struct plan plan;

	start(&world, *state);
	fill(&world, UNIT_LOOKED | WEAK_KEY);
	make_plan(&plan, DECIDES);
	assess(&world, &plan, &before);
	add_correction(&world, before.requirements[0].rules[0].findings[0].id, "An", "Binh", "ab");
	assess(&world, &plan, &after);
	assert_int_not_equal(after.overall, VERDICT_FAIL);
	add_key(&world, 512, "initialised"); /* the same weakness, seen again */
	assess(&world, &plan, &after);
	assert_int_equal(after.overall, VERDICT_FAIL);
}

/* The one finding of a rule that fails by one weak key, and what becomes of it. */
static const struct finding *
only_finding(const struct assessment *assessment)
{
	assert_int_equal(assessment->requirements[0].rules[0].finding_count, 1);
	return &assessment->requirements[0].rules[0].findings[0];
}

static void
start_with_weak_key(struct world *world, struct plan *plan, struct job *job, const char **id)
{
	struct assessment before;

	start(world, job);
	fill(world, UNIT_LOOKED | WEAK_KEY);
	make_plan(plan, DECIDES);
	assess(world, plan, &before);
	*id = only_finding(&before)->id;
}

static void
an_explanation_is_shown_and_counted_whatever_becomes_of_it(void **state)
{
	struct assessment after;
	struct world world;
	struct plan plan;
	const char *id;

	start_with_weak_key(&world, &plan, *state, &id);
	add_explanation(&world, id, "Dung", "the key is a test vector");
	add_explanation(&world, "0123456789abcdef", "Dung", "another build");
	assess(&world, &plan, &after);
	assert_int_equal(only_finding(&after)->verdict, VERDICT_FAIL);
	assert_int_equal(only_finding(&after)->explanation, EXPLAINED);
	assert_string_equal(only_finding(&after)->explained_by, "Dung");
	assert_string_equal(only_finding(&after)->explanation_reason, "the key is a test vector");
	assert_string_equal(only_finding(&after)->id, id);
	assert_int_equal(after.explained.open, 1);
	assert_int_equal(after.idle_explanation_count, 1);
	assert_string_equal(after.idle_explanations[0]->as.explanation.finding, "0123456789abcdef");
	assert_int_equal(after.requirements[0].rules[0].decided_by, DECIDED_BY_NOBODY);
	add_closing(&world, id, "pass", "An");
	assess(&world, &plan, &after);
	assert_int_equal(only_finding(&after)->verdict, VERDICT_FAIL);
	assert_true(only_finding(&after)->closed);
	assert_string_equal(only_finding(&after)->closed_by, "An");
	assert_string_equal(only_finding(&after)->explained_by, "Dung");
	assert_int_equal(after.explained.open, 0);
	assert_int_equal(after.explained.accepted, 1);
	add_closing(&world, id, "fail", "Binh");
	assess(&world, &plan, &after);
	assert_false(only_finding(&after)->closed);
	assert_int_equal(only_finding(&after)->explanation, EXPLANATION_REFUSED);
	assert_string_equal(only_finding(&after)->explained_by, "Dung");
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
		add_explanation(&world, id, said[i][0], said[i][1]);
		assess(&world, &plan, &after);
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
	add_closing(&world, id, "pass", "An"); /* of nothing yet */
	assess(&world, &plan, &after);
	assert_int_equal(after.overall, VERDICT_FAIL);
	add_explanation(&world, id, "Dung", "one reason");
	assess(&world, &plan, &after);
	assert_int_equal(after.explained.open, 1);
	add_closing(&world, id, "pass", "dung"); /* who explained it */
	assess(&world, &plan, &after);
	assert_int_equal(after.explained.open, 1);
	add_closing(&world, id, "pass", "An");
	assess(&world, &plan, &after);
	assert_int_equal(after.explained.accepted, 1);
	add_explanation(&world, id, "Dung", "one reason"); /* the same file once more */
	assess(&world, &plan, &after);
	assert_int_equal(after.explained.accepted, 1);
	add_explanation(&world, id, "Dung", "another reason"); /* nobody has read that one */
	assess(&world, &plan, &after);
	assert_int_equal(after.explained.open, 1);
	assert_string_equal(only_finding(&after)->explanation_reason, "another reason");
}

static void
an_explanation_does_not_cover_what_came_after_it(void **state)
{
	struct assessment after;
	struct world world;
	struct plan plan;
	const char *id;

	start_with_weak_key(&world, &plan, *state, &id);
	add_explanation(&world, id, "Dung", "a reason");
	add_key(&world, 768, "initialised"); /* another weakness */
	assess(&world, &plan, &after);
	assert_int_equal(after.overall, VERDICT_FAIL);
	start(&world, *state);
	add_explanation(&world, id, "Dung", "a reason");
	fill(&world, 0);
	world.facts.facts[1].subject = 0;
	add_looked(&world, 2, "key", "tls", "initialised", true);
	world.facts.facts[world.facts.count - 1].subject = 2;
	add_key(&world, 512, "initialised"); /* the same, seen later */
	world.facts.facts[world.facts.count - 1].subject = 2;
	assess(&world, &plan, &after);
	assert_string_equal(only_finding(&after)->id, id);
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
	add(&world, ics);
	answer.source = "tester";
	answer.as.answer.procedure = "9.9-1-1";
	answer.as.answer.result = "not_applicable";
	answer.as.answer.person = "An";
	add(&world, answer);
	add_explanation(&world, id, "Dung", "a reason");
	plan.requirement.condition = "1";
	assess(&world, &plan, &after);
	assert_int_equal(after.requirements[0].verdict, VERDICT_INCONCLUSIVE);
	add_closing(&world, id, "pass", "An");
	assess(&world, &plan, &after);
	assert_int_equal(after.requirements[0].verdict, VERDICT_NOT_APPLICABLE);
}

static void
add_shadow(struct world *world, const char *path, int64_t offset, const char *excerpt)
{
	add_account(world, 1);
	world->facts.facts[world->facts.count - 1].path = path;
	world->facts.facts[world->facts.count - 1].offset = offset;
	world->facts.facts[world->facts.count - 1].excerpt = excerpt;
}

/* Another line above it moves no finding; another line in its place is another one. */
static void
an_id_is_of_what_stands_there_and_not_of_the_offset(void **state)
{
	static const struct {
		const char *path;
		int64_t offset;
		const char *excerpt;
		bool same;
	} places[] = {{"0.squashfs/etc/shadow", 40, "root:$1$ab…:0:0", true},
	    {"0.squashfs/etc/shadow", 9000, "root:$1$ab…:0:0", true},
	    {"0.trx/c1a80.squashfs/etc/shadow", 40, "root:$1$ab…:0:0", true},
	    {"0.squashfs/etc/shadow", 40, "root:$6$cd…:0:0", false},
	    {"0.squashfs/rootfs/0.squashfs/etc/shadow", 40, "root:$1$ab…:0:0", false},
	    {"0.squashfs/3.10/etc/shadow", 40, "root:$1$ab…:0:0", false},
	    {"0.squashfs/etc/a.conf", 40, "root:$1$ab…:0:0", false}};
	const char *first = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct assessment assessment;
		struct world world;
		struct plan plan;

		start(&world, *state);
		fill(&world, IMAGE_LOOKED);
		add_shadow(&world, places[i].path, places[i].offset, places[i].excerpt);
		make_plan(&plan, REFUTES);
		assess(&world, &plan, &assessment);
		if (first == NULL)
			first = only_finding(&assessment)->id;
		assert_int_equal(strcmp(only_finding(&assessment)->id, first) == 0, places[i].same);
		assert_int_equal(only_finding(&assessment)->offset, places[i].offset);
		assert_string_equal(only_finding(&assessment)->excerpt, places[i].excerpt);
		assert_string_equal(only_finding(&assessment)->path, places[i].path);
	}
}

/* Of a unit probed twice an id stays, however long it took and whatever a listing's dates are. */
static void
an_id_has_no_part_in_what_is_counted_anew(void **state)
{
	static const struct {
		enum fact_kind kind;
		bool seen; /* on a unit */
		const char *shown, *detail, *stable;
	} details[] = {
	    {FACT_resource, true, "29 messages in 2 s",
		"# on port 1883: open to a stranger, 29 messages in 2 s",
		"# on port 1883: open to a stranger, "},
	    {FACT_resource, true, "drwxr-xr-x 2 0 0 40 Nov 30 13:21 log",
		"port 21: FTP shows / to anyone: drwxr-xr-x 2 0 0 40 Nov 30 13:21 log",
		"port 21: FTP shows / to anyone: "},
	    {FACT_lockout, true, NULL,
		"ssh log-in on port 22: 31 passwords judged in 58 s, 32 a minute, then locked for "
		"300 s",
		"ssh log-in on port 22: # passwords judged in # s, # a minute, then locked for # "
		"s"},
	    {FACT_disclosure, true, NULL, "port 161: engine started 7 times, the last 584 s ago",
		"port 161: engine started # times, the last # s ago"},
	    {FACT_looked, true, NULL,
		"not complete: login_attempt from default_passwords: time is up after 12 pairs; 40 "
		"tries: 39 refused, 1 accepted; 17 s of it waiting for the unit",
		"not complete: login_attempt from default_passwords: time is up after # pairs; # "
		"tries: # refused, # accepted; # s of it waiting for the unit"},
	    {FACT_looked, true, NULL, "tried 19 of 20 pairs, none accepted",
		"tried # of # pairs, none accepted"},
	    {FACT_liveness, true, NULL, "after the probe tls: no answer; last exchange 412",
		"after the probe tls: no answer; last exchange #"},
	    {FACT_key, true, NULL, "RSA 1024 bits on port 443", "RSA 1024 bits on port 443"},
	    {FACT_tls_offer, true, NULL, "TLS_RSA_WITH_AES_128_CBC_SHA on port 443",
		"TLS_RSA_WITH_AES_128_CBC_SHA on port 443"},
	    {FACT_setting, false, NULL, "locks after 5 tries", "locks after 5 tries"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(details); i++) {
		struct text out = text_new(*state);
		struct fact fact = fact_new(details[i].kind);
		const char *string;

		fact.address = details[i].seen ? "192.0.2.6" : NULL;
		if (details[i].shown != NULL)
			fact.as.resource.detail = details[i].shown;
		judge_put_stable_detail(&out, &fact, details[i].detail);
		assert_ok((struct job *)*state, text_finish(&out, &string));
		assert_string_equal(string, details[i].stable);
	}
}

static enum verdict
not_applicable_verdict(struct job *job, const char *condition, const char *support,
    const char *detail, const char *answer, const char *role, unsigned evidence)
{
	struct fact ics = fact_new(FACT_ics), fact = fact_new(FACT_answer);
	struct assessment assessment;
	struct world world;
	struct plan plan;

	start(&world, job);
	fill(&world, evidence);
	ics.as.ics.provision = "9.9-1";
	ics.as.ics.support = support;
	ics.as.ics.detail = detail;
	add(&world, ics);
	fact.source = role;
	fact.as.answer.procedure = "9.9-1-1";
	fact.as.answer.result = answer;
	fact.as.answer.person = "An";
	add(&world, fact);
	make_plan(&plan, DECIDES | PROCEDURE);
	plan.requirement.condition = condition;
	assess(&world, &plan, &assessment);
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

	start(&world, *state);
	fill(&world, UNIT_LOOKED | WEAK_KEY);
	make_plan(&plan, DECIDES);
	plan.requirement.mandatory = false;
	plan.requirement.project_row = true;
	assess(&world, &plan, &assessment);
	assert_int_equal(assessment.requirements[0].verdict, VERDICT_FAIL);
	assert_int_equal(assessment.overall, VERDICT_INCONCLUSIVE);
	assert_true(assessment.refer);
	plan.requirement.project_row = false; /* a recommendation is not scored */
	assess(&world, &plan, &assessment);
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

		start(&world, job);
		fill(&world, 0);
		make_plan(&plan, DECIDES);
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
		only_two_people_with_evidence_rule_a_finding_false, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_person_closes_an_inconclusive_row_and_never_a_fail, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		what_nobody_looked_at_cannot_be_closed, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_fail_is_not_outvoted_and_only_a_tester_passes, setup_job, teardown_job),
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
	    cmocka_unit_test_setup_teardown(
		an_id_is_of_what_stands_there_and_not_of_the_offset, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		an_id_has_no_part_in_what_is_counted_anew, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		not_applicable_is_stated_not_contradicted_and_accepted, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_row_of_the_projects_own_refers_instead_of_failing, setup_job, teardown_job),
	    cmocka_unit_test_setup_teardown(
		a_profile_that_names_what_is_not_ours_does_not_load, setup_job, teardown_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
