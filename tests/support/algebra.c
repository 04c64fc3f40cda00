#include "tests/support/algebra.h"

#include <string.h>

#include "tests/support/support.h"

struct fact *
algebra_add(struct world *world, struct fact fact)
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
	algebra_add(world, fact);
}

void
algebra_add_looked(struct world *world, int64_t subject, const char *kind, const char *source,
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
	algebra_add(world, fact);
}

void
algebra_add_key(struct world *world, int64_t bits, const char *state)
{
	struct fact fact = fact_new(FACT_key);

	fact.subject = 1;
	fact.state = state;
	fact.port = 443;
	fact.as.key.bits = bits;
	algebra_add(world, fact);
}

void
algebra_add_account(struct world *world, int64_t enabled)
{
	struct fact fact = fact_new(FACT_account);

	fact.subject = 2;
	fact.path = "0.squashfs/etc/shadow";
	fact.as.account.user = "root";
	fact.as.account.enabled = enabled;
	algebra_add(world, fact);
}

static void
add_answer(struct world *world, const char *result)
{
	struct fact fact = fact_new(FACT_answer);

	fact.source = "tester";
	fact.as.answer.procedure = "9.9-1-1";
	fact.as.answer.result = result;
	fact.as.answer.person = "An";
	algebra_add(world, fact);
}

void
algebra_fill(struct world *world, unsigned evidence)
{
	struct fact setting = fact_new(FACT_setting);

	add_subject(world, "unit");
	add_subject(world, "image");
	if (evidence & UNIT_LOOKED)
		algebra_add_looked(world, 1, "key", "tls", "initialised", true);
	if (evidence & UNIT_LOOKED_PART)
		algebra_add_looked(world, 1, "key", "tls", "initialised", false);
	if (evidence & FACTORY_LOOKED)
		algebra_add_looked(world, 1, "key", "tls", "factory_default", true);
	world->tried = evidence & SHORT_PLAN ? 3 : 10;
	if (evidence & (IMAGE_LOOKED | IMAGE_LOOKED_PART | SHORT_PLAN)) {
		algebra_add_looked(
		    world, 2, "account", "accounts", NULL, !(evidence & IMAGE_LOOKED_PART));
		algebra_add_looked(
		    world, 2, "setting", "settings", NULL, !(evidence & IMAGE_LOOKED_PART));
	}
	if (evidence & GOOD_KEY)
		algebra_add_key(world, 4096, "initialised");
	if (evidence & WEAK_KEY)
		algebra_add_key(world, 512, "initialised");
	if (evidence & UNKNOWN_KEY)
		algebra_add_key(world, UNKNOWN, "initialised");
	if (evidence & WEAK_KEY_ELSEWHERE)
		algebra_add_key(world, 512, "factory_default");
	if (evidence & OPEN_ACCOUNT)
		algebra_add_account(world, 1);
	if (evidence & DOUBTFUL_ACCOUNT)
		algebra_add_account(world, UNKNOWN);
	setting.subject = 2;
	setting.as.setting.name = "a";
	if (evidence & IMAGE_SETTING)
		algebra_add(world, setting);
	if (evidence & ANSWER_PASS)
		add_answer(world, "pass");
	if (evidence & ANSWER_FAIL)
		add_answer(world, "fail");
}

static const struct query_parameter min_bits = {"min_bits", "2048", true};

static const char *const initialised[] = {"initialised"};

void
algebra_make_plan(struct plan *plan, unsigned parts)
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

void
algebra_assess(struct world *world, const struct plan *plan, struct assessment *assessment)
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

void
algebra_start(struct world *world, struct job *job)
{
	memset(world, 0, sizeof *world);
	world->job = job;
	world->sink = evidence_to_list(&world->facts);
}

void
algebra_add_explanation(
    struct world *world, const char *finding, const char *person, const char *reason)
{
	struct fact fact = fact_new(FACT_explanation);

	fact.source = "supplier";
	fact.as.explanation.finding = finding;
	fact.as.explanation.person = person;
	fact.as.explanation.reason = reason;
	algebra_add(world, fact);
}

void
algebra_add_closing(
    struct world *world, const char *finding, const char *result, const char *person)
{
	struct fact fact = fact_new(FACT_answer);

	fact.source = "tester";
	fact.as.answer.closes_fact = finding;
	fact.as.answer.result = result;
	fact.as.answer.person = person;
	fact.as.answer.note = "looked at it";
	fact.as.answer.attachment = "ab";
	algebra_add(world, fact);
}

const struct finding *
algebra_only_finding(const struct assessment *assessment)
{
	assert_int_equal(assessment->requirements[0].rules[0].finding_count, 1);
	return &assessment->requirements[0].rules[0].findings[0];
}
