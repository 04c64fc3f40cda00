/* Absence must be proven: what nobody looked for is INCONCLUSIVE, and a green query is not a pass.
 */
#include "assess/evaluate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "assess/judge.h"
#include "base/arena.h"
#include "base/text.h"

static enum status
digest_evidence(struct job *job, const struct fact_list *facts, struct digest *digest)
{
	struct digest_stream *stream = digest_stream_new();
	struct arena_mark mark = arena_mark(job->arena);
	enum status status = STATUS_OK, finished;

	for (size_t i = 0; status == STATUS_OK && i < facts->count; i++) {
		struct text canonical = text_new(job);

		fact_canonical(&canonical, &facts->facts[i]);
		if (canonical.failed)
			status = STATUS_LIMIT;
		else
			digest_stream_add(stream, canonical.at, canonical.size);
		arena_release(job->arena, mark);
	}
	finished = digest_stream_finish(job, stream, digest);
	return status != STATUS_OK ? status : finished;
}

static enum status
index_facts(struct job *job, struct judge *judge)
{
	const struct fact_list *facts = judge->evaluation->facts;

	judge->by_id = arena_array(job, facts->count, sizeof *judge->by_id);
	if (judge->by_id == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < facts->count; i++)
		judge->by_id[i] = &facts->facts[i];
	judge_sort(judge);
	return judge_gather_rulings(job, judge);
}

/* A FAIL contradicts "not applicable" also while it is only explained. */
static bool
is_contradicted(const struct rule_result *rule)
{
	for (size_t i = 0; i < rule->finding_count; i++)
		if (rule->findings[i].verdict == VERDICT_FAIL &&
		    finding_weight(&rule->findings[i]) != VERDICT_PASS)
			return true;
	return rule->verdict == VERDICT_FAIL;
}

/* NOT APPLICABLE: stated in the dossier, not contradicted by facts, accepted by a tester for every
 * rule (algebra 5). */
static bool
is_not_applicable(const struct judge *judge, const struct requirement_result *result)
{
	const struct fact *ics = judge_find_ics(judge, result->requirement->provision);

	if (result->requirement->condition[0] == '\0' || ics == NULL ||
	    ics->as.ics.support == NULL || strcmp(ics->as.ics.support, "N/A") != 0 ||
	    ics->as.ics.detail == NULL || ics->as.ics.detail[0] == '\0')
		return false;
	for (size_t i = 0; i < result->rule_count; i++) {
		const struct fact *answer =
		    judge_find_answer(judge, result->rules[i].rule->test_case);

		if (is_contradicted(&result->rules[i]) || answer == NULL ||
		    answer->as.answer.result == NULL ||
		    strcmp(answer->as.answer.result, "not_applicable") != 0 ||
		    answer->source == NULL || strcmp(answer->source, "tester") != 0)
			return false;
	}
	return result->rule_count != 0;
}

static enum status
judge_requirement(struct job *job, struct judge *judge,
    const struct profile_requirement *requirement, struct requirement_result *result)
{
	enum verdict *verdicts = arena_array(job, requirement->rule_count, sizeof *verdicts);

	*result = (struct requirement_result){
	    .requirement = requirement, .rule_count = requirement->rule_count};
	result->rules = arena_array(job, requirement->rule_count, sizeof *result->rules);
	if (verdicts == NULL || result->rules == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < requirement->rule_count; i++) {
		TRY(judge_rule(job, judge, requirement, &requirement->rules[i], &result->rules[i]));
		verdicts[i] = result->rules[i].verdict;
	}
	result->verdict = rollup_requirement(verdicts, requirement->rule_count);
	if (is_not_applicable(judge, result)) {
		result->verdict = VERDICT_NOT_APPLICABLE;
		for (size_t i = 0; i < result->rule_count; i++)
			result->rules[i].verdict = VERDICT_NOT_APPLICABLE;
	}
	return STATUS_OK;
}

static void
count_rules(struct assessment *assessment, const struct requirement_result *result)
{
	for (size_t i = 0; i < result->rule_count; i++) {
		switch (result->rules[i].decided_by) {
		case DECIDED_BY_MACHINE:
			assessment->rules_decided.machine++;
			break;
		case DECIDED_BY_PERSON:
			assessment->rules_decided.person++;
			break;
		case DECIDED_BY_BOTH:
			assessment->rules_decided.both++;
			break;
		default:
			assessment->rules_decided.nobody++;
		}
	}
}

/* A failed row of the project's own refers the case to the authority: it is not the standard's
 * FAIL. */
static void
roll_up(struct assessment *assessment)
{
	bool failed = false, doubt = false;

	for (size_t i = 0; i < assessment->requirement_count; i++) {
		const struct requirement_result *result = &assessment->requirements[i];

		count_rules(assessment, result);
		if (!result->requirement->mandatory && !result->requirement->project_row)
			continue;
		if (result->verdict == VERDICT_FAIL && result->requirement->project_row)
			assessment->refer = true;
		else if (result->verdict == VERDICT_FAIL)
			failed = true;
		else if (result->verdict == VERDICT_INCONCLUSIVE)
			doubt = true;
	}
	assessment->overall = failed                       ? VERDICT_FAIL
			      : doubt || assessment->refer ? VERDICT_INCONCLUSIVE
							   : VERDICT_PASS;
}

static enum status
gather_subjects(struct job *job, const struct fact_list *facts, struct assessment *assessment)
{
	struct fact_list subjects = {0};
	struct evidence sink = evidence_to_list(&subjects);

	for (size_t i = 0; i < facts->count; i++) {
		if (facts->facts[i].kind == FACT_subject)
			TRY(sink.add(&sink, job, &facts->facts[i]));
		if (facts->facts[i].kind == FACT_correction)
			assessment->correction_count++;
	}
	assessment->subjects = subjects.facts;
	assessment->subject_count = subjects.count;
	return STATUS_OK;
}

static bool
is_told_already(const struct fact_list *told, const struct fact *fact)
{
	for (size_t i = 0; i < told->count; i++)
		if (told->facts[i].subject == fact->subject &&
		    strcmp(told->facts[i].as.disclosure.value, fact->as.disclosure.value) == 0)
			return true;
	return false;
}

static enum status
gather_told_models(struct job *job, const struct fact_list *facts, struct assessment *assessment)
{
	struct fact_list told = {0};
	struct evidence sink = evidence_to_list(&told);

	for (size_t i = 0; i < facts->count; i++) {
		const struct disclosure_fact *disclosure = &facts->facts[i].as.disclosure;

		if (facts->facts[i].kind == FACT_disclosure && disclosure->type != NULL &&
		    strcmp(disclosure->type, "model") == 0 && disclosure->value != NULL &&
		    disclosure->value[0] != '\0' && !is_told_already(&told, &facts->facts[i]))
			TRY(sink.add(&sink, job, &facts->facts[i]));
	}
	assessment->told_models = told.facts;
	assessment->told_model_count = told.count;
	return STATUS_OK;
}

static enum status
judge_all(struct job *job, struct judge *judge, struct assessment *assessment)
{
	const struct profile *profile = judge->evaluation->profile;

	TRY(reference_load(
	    job, judge->evaluation->reference_folder, judge->database, &assessment->reference));
	TRY(catalogue_link(job, judge->evaluation->catalogue, profile, judge->database));
	TRY(index_facts(job, judge));
	assessment->requirement_count = profile->requirement_count;
	assessment->requirements =
	    arena_array(job, profile->requirement_count, sizeof *assessment->requirements);
	if (assessment->requirements == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < profile->requirement_count; i++)
		TRY(judge_requirement(
		    job, judge, &profile->requirements[i], &assessment->requirements[i]));
	roll_up(assessment);
	assessment->explained.open = judge->explained.open;
	assessment->explained.accepted = judge->explained.accepted;
	assessment->explained.refused = judge->explained.refused;
	return judge_idle_explanations(job, judge, assessment);
}

enum status
evaluate(struct job *job, const struct evaluation *evaluation, struct assessment *assessment)
{
	struct judge judge = {.evaluation = evaluation};
	enum status status;

	*assessment = (struct assessment){
	    .profile = evaluation->profile,
	    .catalogue = evaluation->catalogue,
	    .trial = strcmp(evaluation->profile->status, "in_force") != 0,
	    .now = evaluation->now,
	    .program_version = evaluation->program_version,
	    .catalogue_digest = evaluation->catalogue->digest,
	};
	TRY(digest_evidence(job, evaluation->facts, &assessment->evidence));
	TRY(digest_of(job, (struct span){0},
	    &assessment->vulnerability)); /* no vulnerability data in this release */
	TRY(gather_subjects(job, evaluation->facts, assessment));
	TRY(gather_told_models(job, evaluation->facts, assessment));
	TRY(query_open(job, evaluation->facts, &judge.database));
	status = judge_all(job, &judge, assessment);
	query_close(judge.database);
	return status;
}
