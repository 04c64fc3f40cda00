/* The claims of a certificate are the dossier's identity and the assessment's numbers, and nothing
 * typed at issue. */
#include <string.h>

#include "app/case_steps.h"
#include "app/process_read.h"
#include "base/arena.h"

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

enum status
case_claims(struct job *job, const struct fact_list *facts, const struct assessment *assessment,
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
