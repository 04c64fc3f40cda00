/* What a report tells a person to mend and to do next, held against the engine whose findings it
 * reads. */
#include "tests/support/support.h"

#include <string.h>

#include "assess/evaluate.h"
#include "assess/report_advice.h"
#include "base/xml.h"
#include "tests/support/sample_assessment.h"

#define CLAUSES 36 /* mandatory rows of the profile */

struct world {
	struct job *job;
	struct fact_list facts;
	struct assessment assessment;
	struct step *steps;
	size_t count, waiting;
};

static void
add(struct world *world, struct fact fact)
{
	struct evidence sink = evidence_to_list(&world->facts);

	fact.fact = (int64_t)world->facts.count + 1;
	fact.source = "test";
	assert_ok(world->job, sink.add(&sink, world->job, &fact));
}

static void
add_subject(struct world *world, const char *type, const char *name)
{
	struct fact fact = fact_new(FACT_subject);

	fact.as.subject.type = type;
	fact.as.subject.name = name;
	fact.as.subject.under_test = 1;
	add(world, fact);
}

static void
add_cut_look(struct world *world, int64_t subject, const char *kind, const char *source)
{
	struct fact fact = fact_new(FACT_looked);

	fact.subject = subject;
	fact.state = "initialised";
	fact.as.looked.kind = kind;
	fact.as.looked.from_source = source;
	fact.as.looked.complete = 0;
	fact.as.looked.reason = "the unit fell silent";
	add(world, fact);
}

/* The real profile, checks and data over these facts. */
static void
judge(struct world *world, struct job *job)
{
	struct evaluation evaluation = {.reference_folder = "data",
	    .facts = &world->facts,
	    .now = 1784000000,
	    .program_version = "test"};

	world->job = job;
	assert_ok(job, profile_load(job, "profiles/qcvn-11-2026.xml", &evaluation.profile));
	assert_ok(job, catalogue_load(job, "checks", &evaluation.catalogue));
	assert_ok(job, evaluate(job, &evaluation, &world->assessment));
	assert_ok(job,
	    report_steps(job, &world->assessment, &world->steps, &world->count, &world->waiting));
}

static size_t
count_steps(const struct world *world, enum step_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < world->count; i++)
		count += world->steps[i].kind == kind;
	return count;
}

static const struct step *
first_step(const struct world *world, enum step_kind kind)
{
	for (size_t i = 0; i < world->count; i++)
		if (world->steps[i].kind == kind)
			return &world->steps[i];
	fail_msg("no step of kind %d", (int)kind);
	return NULL;
}

static void
an_empty_case_waits_for_dossier_firmware_units_and_answers(void **state)
{
	struct world world = {.job = *state};

	judge(&world, *state);
	assert_int_equal(world.waiting, CLAUSES);
	assert_int_equal(count_steps(&world, STEP_DOSSIER), 1);
	assert_int_equal(count_steps(&world, STEP_FIRMWARE), 1);
	assert_true(count_steps(&world, STEP_UNITS) > 0);
	assert_int_equal(count_steps(&world, STEP_ANSWER), 1);
	assert_int_equal(first_step(&world, STEP_ANSWER)->requirement_count, CLAUSES);
	assert_int_equal(count_steps(&world, STEP_RULE), 0);
	assert_int_equal(count_steps(&world, STEP_OTHER), 0);
}

static void
every_need_nobody_looked_at_has_its_step(void **state)
{
	struct world world = {.job = *state};

	add_subject(&world, "unit", "A");
	add_subject(&world, "unit", "B");
	add_subject(&world, "image", "a.bin");
	add_subject(&world, "dossier", "a.xml");
	judge(&world, *state);
	assert_int_equal(world.waiting, CLAUSES);
	assert_true(count_steps(&world, STEP_PROBE) >= 3); /* one for each state, and for any */
	for (size_t i = 0; i < world.count; i++) {
		if (world.steps[i].kind != STEP_PROBE)
			continue;
		assert_int_equal(world.steps[i].item_count, 2);
		assert_string_equal(world.steps[i].items[0], "A");
		assert_string_equal(world.steps[i].items[1], "B");
	}
	assert_int_equal(count_steps(&world, STEP_FIRMWARE), 1);
	assert_int_equal(count_steps(&world, STEP_DOSSIER), 1);
	assert_int_equal(
	    count_steps(&world, STEP_RULE), 0); /* no engine's word is taken for a row */
	assert_int_equal(count_steps(&world, STEP_OTHER), 0);
}

static void
what_was_not_seen_whole_is_told_with_its_reason(void **state)
{
	struct world world = {.job = *state};
	const struct step *step;

	add_subject(&world, "unit", "A");
	add_cut_look(&world, 1, "open_port", "ports");
	judge(&world, *state);
	step = first_step(&world, STEP_FINISH);
	assert_string_equal(step->about, "the unit fell silent");
	assert_string_equal(step->items[0], "A (initialised)");
}

static bool
was_looked(const struct world *world, const char *kind, const char *source)
{
	for (size_t i = 0; i < world->facts.count; i++)
		if (world->facts.facts[i].kind == FACT_looked &&
		    strcmp(world->facts.facts[i].as.looked.kind, kind) == 0 &&
		    strcmp(world->facts.facts[i].as.looked.from_source, source) == 0)
			return true;
	return false;
}

/* "looked for …, found none" of a look that was cut short asks for nothing but the look. */
static void
what_waits_for_a_look_is_no_step_of_its_own(void **state)
{
	struct world world = {.job = *state};
	const struct catalogue *catalogue;

	add_subject(&world, "image", "a.bin");
	assert_ok(world.job, catalogue_load(world.job, "checks", &catalogue));
	for (size_t i = 0; i < catalogue->count; i++)
		for (size_t j = 0; j < catalogue->checks[i].need_count; j++) {
			const struct need *need = &catalogue->checks[i].needs[j];

			if (strcmp(need->subject, "image") != 0)
				continue;
			for (size_t k = 0; k < need->source_count; k++)
				if (!was_looked(
					&world, fact_kinds[need->kind].name, need->sources[k]))
					add_cut_look(&world, 1, fact_kinds[need->kind].name,
					    need->sources[k]);
		}
	judge(&world, *state);
	assert_true(count_steps(&world, STEP_FINISH) > 0);
	assert_int_equal(count_steps(&world, STEP_RULE), 0);
}

static const char *
sentence_of(struct world *world, int language, const struct step *step, const char **command)
{
	const char *sentence;

	report_step_words(world->job, &world->assessment, language, step, &sentence, command);
	assert_non_null(sentence);
	return sentence;
}

static void
the_command_names_units_state_and_reach(void **state)
{
	static const char *const units[] = {"A", "B"};
	struct step step = {
	    .kind = STEP_PROBE, .about = "after_reset", .items = units, .item_count = 2};
	struct world world = {.job = *state};
	const char *command;

	judge(&world, *state);
	assert_string_equal(sentence_of(&world, LANGUAGE_EN, &step, &command),
	    "Probe A, B in this state: after_reset.");
	assert_string_equal(command, "hopquy case probe CASE --device A=ADDRESS --device B=ADDRESS "
				     "--state after_reset --level login");
	step.remote = true;
	assert_string_equal(sentence_of(&world, LANGUAGE_VI, &step, &command),
	    "Dò A, B ở trạng thái: sau khi đặt lại.");
	assert_true(text_ends_with(command, " --state after_reset --level login --reach remote"));
	step = (struct step){.kind = STEP_UNITS, .about = "1/2"};
	assert_string_equal(
	    sentence_of(&world, LANGUAGE_EN, &step, &command), "Probe more units (so far 1/2).");
	assert_string_equal(command, "hopquy case probe CASE --device NAME=ADDRESS --level login");
}

/* The tries a look came to before it was cut short are each unit's own, and no second step. */
static void
looks_cut_short_alike_are_one_step(void **state)
{
	static const char *const reasons[] = {"port 22: time is up; 58 tries: 56 refused, 2 "
					      "accepted; 14 s of it waiting for the unit",
	    "port 22: time is up; 7 tries: 7 refused, 0 accepted; 0 s of it waiting for the unit",
	    "port 22: time is up"};
	struct world world = {.job = *state};
	const struct step *step;
	const char *command;

	add_subject(&world, "unit", "A");
	add_subject(&world, "unit", "B");
	add_subject(&world, "unit", "C");
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		add_cut_look(&world, (int64_t)i + 1, "login_attempt", "default_passwords");
		world.facts.facts[world.facts.count - 1].as.looked.reason = reasons[i];
	}
	judge(&world, *state);
	assert_int_equal(count_steps(&world, STEP_FINISH), 1);
	step = first_step(&world, STEP_FINISH);
	assert_int_equal(step->item_count, 3);
	assert_string_equal(sentence_of(&world, LANGUAGE_VI, step, &command),
	    "Xem lại A (đã thiết lập), B (đã thiết lập), C (đã thiết lập), vì chưa xem được hết: "
	    "cổng 22: hết thời gian.");
	assert_null(command);
}

static void
the_level_a_look_needs_is_in_the_command(void **state)
{
	static const char *const units[] = {"A (initialised)"};
	struct step step = {.kind = STEP_FINISH,
	    .about = "level stress is needed",
	    .items = units,
	    .item_count = 1};
	struct world world = {.job = *state};
	const char *command;

	judge(&world, *state);
	assert_string_equal(sentence_of(&world, LANGUAGE_VI, &step, &command),
	    "Xem lại A (đã thiết lập), vì chưa xem được hết: cần mức dò stress.");
	assert_string_equal(command,
	    "hopquy case probe CASE --device NAME=ADDRESS --state STATE --level stress --replace");
	step.about = "level login is needed";
	step.remote = true;
	(void)sentence_of(&world, LANGUAGE_EN, &step, &command);
	assert_true(text_ends_with(command, " --level login --reach remote --replace"));
}

static void
no_step_of_a_real_case_is_without_words(void **state)
{
	struct world world = {.job = *state};
	const char *command;

	add_subject(&world, "unit", "A");
	add_cut_look(&world, 1, "open_port", "ports");
	judge(&world, *state);
	for (size_t i = 0; i < world.count; i++)
		for (int language = 0; language < 2; language++)
			assert_true(
			    strlen(sentence_of(&world, language, &world.steps[i], &command)) > 5);
}

static void
what_was_said_stands_below_its_own_place(void **state)
{
	const struct finding found[3] = {{.id = "a", .check = "passwords/x"},
	    {.id = "b", .check = "passwords/x", .exchange = 7},
	    {.id = "c", .check = "passwords/x", .exchange = 9}};
	const struct finding *const findings[3] = {&found[0], &found[1], &found[2]};
	const struct repair repair = {.findings = findings, .finding_count = 3};

	assert_null(report_repair_command(*state, &repair, &found[0]));
	assert_string_equal(
	    report_repair_command(*state, &repair, &found[1]), "hopquy case exchange CASE b");
	assert_null(report_repair_command(*state, &repair, &found[2]));
}

/* A check's open row, and words that only look like the engine's: the subject is not known. */
static void
an_open_row_is_for_a_tester_to_rule_on(void **state)
{
	struct requirement_result result = sample_assessment()->requirements[1];
	struct rule_result rule = result.rules[0];
	struct finding findings[2] = {rule.findings[1], rule.findings[1]};
	struct world world = {.job = *state, .assessment = *sample_assessment()};

	findings[1].detail = "nobody looked: at this";
	rule.findings = findings;
	rule.finding_count = 2;
	result.rules = &rule;
	world.assessment.requirements = &result;
	world.assessment.requirement_count = 1;
	assert_ok(world.job,
	    report_steps(world.job, &world.assessment, &world.steps, &world.count, &world.waiting));
	assert_int_equal(world.waiting, 1);
	assert_int_equal(world.count, 2);
	assert_int_equal(world.steps[0].kind, STEP_RULE);
	assert_string_equal(world.steps[0].about, "crypto/tls_version_minimum");
	assert_int_equal(world.steps[1].kind, STEP_OTHER);
}

static void
what_a_person_closed_waits_for_nothing(void **state)
{
	struct requirement_result result = sample_assessment()->requirements[1];
	struct rule_result rule = result.rules[0];
	struct finding finding = rule.findings[1];
	struct world world = {.job = *state, .assessment = *sample_assessment()};

	finding.closed = true;
	rule.findings = &finding;
	rule.finding_count = 1;
	result.rules = &rule;
	world.assessment.requirements = &result;
	world.assessment.requirement_count = 1;
	assert_ok(world.job,
	    report_steps(world.job, &world.assessment, &world.steps, &world.count, &world.waiting));
	assert_int_equal(world.count, 1); /* only the rule's own reason is left */
	assert_int_equal(world.steps[0].kind, STEP_OTHER);
	assert_string_equal(world.steps[0].about, "no deciding result yet");
}

static void
repairs_leave_out_what_was_corrected_or_closed_and_join_one_check(void **state)
{
	struct repair *repairs;
	size_t count;

	assert_int_equal(report_repairs(*state, sample_assessment(), &repairs, &count), STATUS_OK);
	assert_int_equal(count, 3); /* two checks, then one procedure */
	assert_string_equal(
	    repairs[0].findings[0]->check, "passwords/no_default_password_opens_a_login");
	assert_int_equal(repairs[0].finding_count, 2);
	assert_int_equal(repairs[0].requirement_count, 1);
	assert_int_equal(repairs[1].finding_count, 1);
	assert_string_equal(repairs[1].findings[0]->id, "f00dfacecafe0001");
	assert_null(repairs[2].findings[0]->check);
}

/* The sample with the failures of its first requirement in two more, one of them recommended. */
static struct assessment
failing_in_three_clauses(struct requirement_result results[4])
{
	struct assessment assessment = *sample_assessment();

	for (size_t i = 0; i < 4; i++)
		results[i] = assessment.requirements[i];
	results[2].rules = results[3].rules = &assessment.requirements[0].rules[1];
	results[2].verdict = results[3].verdict = VERDICT_FAIL;
	assessment.requirements = results;
	return assessment;
}

static void
a_check_that_fails_several_clauses_is_one_repair(void **state)
{
	struct requirement_result results[4];
	struct assessment assessment = failing_in_three_clauses(results);
	struct repair *repairs;
	size_t count;

	assert_int_equal(report_repairs(*state, &assessment, &repairs, &count), STATUS_OK);
	assert_int_equal(count, 5); /* two checks, and a person's answer for each clause */
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(repairs[i].requirement_count, 3);
		assert_int_equal(repairs[i].mandatory_count, 2);
		assert_ptr_equal(repairs[i].requirements[0], &results[0]);
		assert_ptr_equal(repairs[i].requirements[2], &results[3]);
	}
	assert_int_equal(repairs[0].finding_count, 2); /* the places are not told again */
	for (size_t i = 2; i < 5; i++) {
		assert_int_equal(repairs[i].requirement_count, 1);
		assert_null(repairs[i].findings[0]->check);
	}
	assert_int_equal(repairs[4].mandatory_count, 0); /* what is recommended comes last */
}

static void
what_fails_the_most_clauses_comes_first(void **state)
{
	struct requirement_result results[4];
	struct assessment assessment = failing_in_three_clauses(results);
	struct rule_result rule = results[2].rules[0];
	struct repair *repairs;
	size_t count;

	/* The second check by name now fails two clauses more than the first. */
	rule.findings = &rule.findings[2];
	rule.finding_count = 1;
	results[2].rules = results[3].rules = &rule;
	assert_int_equal(report_repairs(*state, &assessment, &repairs, &count), STATUS_OK);
	assert_int_equal(count, 3);
	assert_string_equal(
	    repairs[0].findings[0]->check, "passwords/no_enabled_account_hash_in_image");
	assert_int_equal(repairs[0].requirement_count, 3);
	assert_int_equal(repairs[1].requirement_count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_job, teardown_job)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(repairs_leave_out_what_was_corrected_or_closed_and_join_one_check),
	    TEST(a_check_that_fails_several_clauses_is_one_repair),
	    TEST(what_fails_the_most_clauses_comes_first),
	    TEST(an_empty_case_waits_for_dossier_firmware_units_and_answers),
	    TEST(every_need_nobody_looked_at_has_its_step),
	    TEST(what_was_not_seen_whole_is_told_with_its_reason),
	    TEST(what_waits_for_a_look_is_no_step_of_its_own),
	    TEST(the_command_names_units_state_and_reach),
	    TEST(looks_cut_short_alike_are_one_step),
	    TEST(the_level_a_look_needs_is_in_the_command),
	    TEST(no_step_of_a_real_case_is_without_words),
	    TEST(what_was_said_stands_below_its_own_place),
	    TEST(an_open_row_is_for_a_tester_to_rule_on),
	    TEST(what_a_person_closed_waits_for_nothing),
	};
	int failed;

	xml_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xml_stop();
	return failed;
}
