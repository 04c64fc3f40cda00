/* Who stands behind a report is read from the signatures and the dossier, and typed by nobody. */
#include "app/case_report.h"

#include <string.h>

#include "app/process_read.h"
#include "base/arena.h"
#include "cert/statement.h"

/* Whether a signature still speaks of this case: its head, and the assessment under it. */
static enum status
covers(struct work *work, const struct assessment *assessment, const struct statement *statement,
    bool *covered)
{
	struct digest head, digest;
	const char *json;

	TRY(case_head(work->job, work->file, &head));
	TRY(report_json(work->job, assessment, &json));
	TRY(digest_of(work->job, span_of_string(json), &digest));
	*covered = digest_equal(&head, &statement->journal_head) &&
		   digest_equal(&digest, &statement->assessment_digest);
	return STATUS_OK;
}

static enum status
report_signature(struct work *work, const struct assessment *assessment,
    const struct case_signature *signature, struct report_options *options)
{
	size_t index = options->signature_count++;
	const struct identity *person;
	struct statement statement;
	enum status status;
	bool covered;

	options->signatures[index].role = signature->role;
	options->signatures[index].person = signature->person;
	options->signatures[index].state = SIGNATURE_BAD;
	status = statement_verify(work->job, NULL, signature->signature, &statement, &person,
	    &options->signatures[index].time);
	if (status == STATUS_MALFORMED || status == STATUS_REFUSED)
		return STATUS_OK; /* a forged one is shown as such, and spoils no report */
	TRY(status);
	TRY(covers(work, assessment, &statement, &covered));
	options->signatures[index].role = statement.role;
	options->signatures[index].person = person->name;
	options->signatures[index].organisation = person->organisation;
	options->signatures[index].state = covered ? SIGNATURE_HOLDS : SIGNATURE_STALE;
	if (covered && strcmp(statement.role, role_name(ROLE_TESTER)) == 0)
		options->laboratory = person->organisation;
	return STATUS_OK;
}

enum status
case_report_people(
    struct work *work, const struct assessment *assessment, struct report_options *options)
{
	struct fact_list *facts = arena_allocate(work->job, sizeof(*facts));
	struct case_signature *signatures;
	size_t count, room = ARRAY_SIZE(options->signatures);

	if (facts == NULL)
		return STATUS_LIMIT;
	TRY(case_facts(work->job, work->file, facts));
	options->customer = identity_value(facts, "applicant");
	options->customer_address = identity_value(facts, "applicant_address");
	TRY(case_signatures(work->job, work->file, &signatures, &count));
	for (size_t i = count > room ? count - room : 0; i < count; i++)
		TRY(report_signature(work, assessment, &signatures[i], options));
	return STATUS_OK;
}
