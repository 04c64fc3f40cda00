/* Three signatures are taken from the case only if they are about what the case says now. */
#include "app/case_issue.h"

#include <string.h>

#include "app/case_steps.h"
#include "app/process_read.h"
#include "base/arena.h"

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

static enum status
gather(struct work *work, struct issue_input *input)
{
	struct fact_list *facts = arena_allocate(work->job, sizeof *facts);
	const struct identity *tester = NULL, *person;
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
	for (enum role role = ROLE_TESTER; role < ROLE_COUNT; role++) {
		TRY(find_signature(
		    work, &statement, role_name(role), &input->statements[role], &person));
		if (role == ROLE_TESTER)
			tester = person;
	}
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
