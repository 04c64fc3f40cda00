/* The claims of a certificate are the dossier's identity and the assessment's numbers, and nothing
 * typed at issue. */
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

static size_t
values_named(
    struct job *job, const struct fact_list *facts, const char *name, const char *const **values)
{
	const char **list = arena_array(job, facts->count, sizeof *list);
	size_t count = 0;

	for (size_t i = 0; list != NULL && i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (fact->kind == FACT_identity && fact->as.identity.name != NULL &&
		    strcmp(fact->as.identity.name, name) == 0 && fact->as.identity.value != NULL)
			list[count++] = fact->as.identity.value;
	}
	*values = list;
	return count;
}

static enum status
claim_firmware(struct job *job, const struct statement *statement, struct certificate *claims)
{
	struct certified_firmware *firmware =
	    arena_array(job, statement->firmware_count, sizeof *firmware);

	if (firmware == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < statement->firmware_count; i++)
		firmware[i] = (struct certified_firmware){
		    .version = statement->firmware_version, .sha256 = statement->firmware[i]};
	claims->firmware = firmware;
	claims->firmware_count = statement->firmware_count;
	return STATUS_OK;
}

static void
claim_counts(const struct assessment *assessment, struct certificate *claims)
{
	for (size_t i = 0; i < assessment->requirement_count; i++) {
		claims->requirements_passed += assessment->requirements[i].verdict == VERDICT_PASS;
		claims->requirements_not_applicable +=
		    assessment->requirements[i].verdict == VERDICT_NOT_APPLICABLE;
	}
	claims->decided_by_machine =
	    assessment->rules_decided.machine + assessment->rules_decided.both;
	claims->decided_by_people = assessment->rules_decided.person;
}

static enum status
claim(struct job *job, const struct fact_list *facts, const struct assessment *assessment,
    const struct statement *statement, struct certificate *claims)
{
	const char *const *importers = NULL;

	*claims = (struct certificate){
	    .applicant = identity_value(facts, "applicant"),
	    .applicant_address = identity_value(facts, "applicant_address"),
	    .applicant_tax_code = identity_value(facts, "applicant_tax_code"),
	    .manufacturer = identity_value(facts, "manufacturer"),
	    .factory = identity_value(facts, "factory"),
	    .factory_address = identity_value(facts, "factory_address"),
	    .product = identity_value(facts, "product"),
	    .brand = identity_value(facts, "brand"),
	    .model = statement->model,
	    .hardware = statement->hardware,
	    .origin = identity_value(facts, "origin_country"),
	    .gtin = identity_value(facts, "gtin"),
	    .hs_code = identity_value(facts, "hs_code"),
	    .support_end = identity_value(facts, "support_end"),
	    .regulation = assessment->profile->regulation,
	    .profile = statement->profile,
	    .report_number = statement->case_id,
	    .corrections = statement->corrections,
	    .case_id = statement->case_id,
	    .profile_digest = statement->profile_digest,
	    .catalogue_digest = statement->catalogue_digest,
	    .evidence_digest = statement->evidence_digest,
	    .reference_digest = statement->reference_digest,
	    .vulnerability_digest = statement->vulnerability_digest,
	    .assessment_digest = statement->assessment_digest,
	    .assessed_at = statement->assessed_at,
	    .program_version = statement->program_version,
	};
	claims->aliases_count = values_named(job, facts, "alias", &claims->aliases);
	claims->importers_count = values_named(job, facts, "importer", &importers);
	claims->importers = importers;
	claim_counts(assessment, claims);
	return claim_firmware(job, statement, claims);
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
	TRY(claim(work->job, facts, &assessment, &statement, &input->claims));
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
