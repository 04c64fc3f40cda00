/* Three signatures are taken from the case only if they are about what the case says now. */
#include "app/case_issue.h"

#include <string.h>

#include "app/case_steps.h"
#include "app/process_read.h"
#include "base/arena.h"
#include "base/text.h"

/* The newest signature of a role over what the case says now. */
static enum status
find_signature(struct work *work, const struct statement *now, const char *role, struct span *cms,
    const struct identity **person)
{
	struct case_signature *signatures;
	bool any = false;
	size_t count;

	TRY(case_signatures(work->job, work->file, &signatures, &count));
	for (size_t i = count; i > 0; i--) {
		struct statement signed_statement;
		int64_t signed_at;

		if (strcmp(signatures[i - 1].role, role) != 0)
			continue;
		any = true;
		TRY(statement_verify(work->job, NULL, signatures[i - 1].signature,
		    &signed_statement, person, &signed_at));
		if (strcmp(signed_statement.role, role) == 0 &&
		    statement_agrees(work->job, &signed_statement, now)) {
			*cms = signatures[i - 1].signature;
			return STATUS_OK;
		}
	}
	return fail(work->job, STATUS_REFUSED,
	    any ? "%s: the signature as %s is stale: the case changed after it"
		: "%s: nobody has signed as %s yet",
	    work->path, role);
}

/* Who explains a finding for the supplier takes no part in judging it. */
static enum status
check_explainer(struct work *work, const struct explanation_fact *explanation,
    const struct identity *const people[ROLE_COUNT])
{
	for (enum role role = ROLE_TESTER; role < ROLE_COUNT; role++)
		if (explanation->person == NULL ||
		    text_equal_ignoring_case(explanation->person, people[role]->name))
			return fail(work->job, STATUS_REFUSED,
			    "%s: %s signs as %s and has explained a finding for the supplier",
			    work->path, people[role]->name, role_name(role));
	return STATUS_OK;
}

/* Rulings are by the very people who sign as tester and reviewer, and the decider took no part in
 * testing. */
static enum status
check_people(struct work *work, const struct fact_list *facts,
    const struct identity *const people[ROLE_COUNT])
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct correction_fact *correction = &facts->facts[i].as.correction;
		const struct answer_fact *answer = &facts->facts[i].as.answer;

		if (facts->facts[i].kind == FACT_correction &&
		    (correction->tester == NULL || correction->reviewer == NULL ||
			strcmp(correction->tester, people[ROLE_TESTER]->name) != 0 ||
			strcmp(correction->reviewer, people[ROLE_REVIEWER]->name) != 0))
			return fail(work->job, STATUS_REFUSED,
			    "%s: a correction by %s and %s, who are not the tester and reviewer "
			    "that signed",
			    work->path, correction->tester == NULL ? "nobody" : correction->tester,
			    correction->reviewer == NULL ? "nobody" : correction->reviewer);
		if (facts->facts[i].kind == FACT_answer && answer->person != NULL &&
		    text_equal_ignoring_case(answer->person, people[ROLE_DECISION]->name))
			return fail(work->job, STATUS_REFUSED,
			    "%s: %s decides and has answered a procedure: the decider takes no "
			    "part in testing",
			    work->path, answer->person);
		if (facts->facts[i].kind == FACT_explanation)
			TRY(check_explainer(work, &facts->facts[i].as.explanation, people));
	}
	return STATUS_OK;
}

static enum status
gather(struct work *work, struct issue_input *input)
{
	struct fact_list *facts = arena_allocate(work->job, sizeof *facts);
	const struct identity *people[ROLE_COUNT], *tester;
	struct assessment assessment;
	struct statement statement;
	bool same;

	if (facts == NULL)
		return STATUS_LIMIT;
	TRY(case_statement(work, "tester", &statement));
	TRY(work_replay(work, &assessment, &same));
	if (!same || assessment.overall != VERDICT_PASS)
		return fail(work->job,
		    assessment.overall == VERDICT_FAIL ? STATUS_NO : STATUS_UNDECIDED,
		    "%s: the verdict is %s; a certificate needs PASS", work->path,
		    verdict_name(assessment.overall));
	TRY(case_facts(work->job, work->file, facts));
	TRY(case_claims(work->job, facts, &assessment, &statement, &input->claims));
	for (enum role role = ROLE_TESTER; role < ROLE_COUNT; role++)
		TRY(find_signature(
		    work, &statement, role_name(role), &input->statements[role], &people[role]));
	TRY(check_people(work, facts, people));
	tester = people[ROLE_TESTER];
	input->claims.laboratory =
	    tester->organisation == NULL ? tester->name : tester->organisation;
	input->trial_only = assessment.trial;
	return STATUS_OK;
}

enum status
case_issue_input(struct job *job, const char *case_path, struct issue_input *input)
{
	struct work work = {.job = job, .path = case_path};
	enum status status;

	TRY(work_open(&work, false));
	status = gather(&work, input);
	case_close(work.file);
	return status;
}
