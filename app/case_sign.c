/* A person signs what the evidence says now: the assessment is computed again before the key is
 * read. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/case_steps.h"
#include "app/process_read.h"
#include "assess/report.h"
#include "base/arena.h"
#include "base/file.h"
#include "cert/statement.h"

static int
compare_digests(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct digest));
}

/* SHA-256 of every image under test, ascending, each once. */
static enum status
firmware_digests(struct job *job, const struct fact_list *facts, struct statement *statement)
{
	struct digest *digests = arena_array(job, STATEMENT_MAX_FIRMWARE, sizeof *digests);
	size_t count = 0, kept = 0;

	if (digests == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->facts[i];

		if (fact->kind != FACT_subject || fact->as.subject.type == NULL ||
		    strcmp(fact->as.subject.type, "image") != 0)
			continue;
		if (count == STATEMENT_MAX_FIRMWARE)
			return fail(
			    job, STATUS_LIMIT, "more than %d images", STATEMENT_MAX_FIRMWARE);
		if (fact->as.subject.sha256 == NULL ||
		    !digest_from_hex(fact->as.subject.sha256, &digests[count++]))
			return fail(job, STATUS_MALFORMED, "an image without a digest");
	}
	qsort(digests, count, sizeof *digests, compare_digests);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || !digest_equal(&digests[kept - 1], &digests[i]))
			digests[kept++] = digests[i];
	statement->firmware = digests;
	statement->firmware_count = kept;
	return kept != 0 ? STATUS_OK
			 : fail(job, STATUS_REFUSED, "a case without firmware cannot be signed");
}

enum status
case_statement(struct work *work, const char *role, struct statement *statement)
{
	struct fact_list *facts = arena_allocate(work->job, sizeof *facts);
	struct assessment assessment;
	struct certificate claims;
	const char *json, *under;
	bool same;

	if (facts == NULL)
		return STATUS_LIMIT;
	TRY(work_replay(work, &assessment, &same));
	if (!same)
		return fail(work->job, STATUS_REFUSED,
		    "%s: the evidence, profile, checks or data changed after the assessment; run "
		    "case assess again",
		    work->path);
	TRY(case_assessment(work->job, work->file, &json, &under));
	if (under != NULL && under[0] != '\0')
		return fail(work->job, STATUS_REFUSED,
		    "%s: assessed under another profile than the evidence was gathered under; run "
		    "case assess "
		    "without --profile",
		    work->path);
	TRY(report_json(work->job, &assessment, &json));
	TRY(case_facts(work->job, work->file, facts));
	*statement = (struct statement){
	    .role = role,
	    .model = identity_value(facts, "model"),
	    .hardware = identity_value(facts, "hardware"),
	    .firmware_version = identity_value(facts, "firmware_version"),
	    .profile = assessment.profile->id,
	    .profile_digest = assessment.profile->digest,
	    .catalogue_digest = assessment.catalogue_digest,
	    .evidence_digest = assessment.evidence,
	    .reference_digest = assessment.reference,
	    .vulnerability_digest = assessment.vulnerability,
	    .verdict = verdict_name(assessment.overall),
	    .trial = assessment.trial,
	    .assessed_at = assessment.now,
	    .program_version = assessment.program_version,
	    .corrections = assessment.correction_count,
	};
	if (statement->model == NULL)
		return fail(work->job, STATUS_REFUSED,
		    "%s: a case without a dossier cannot be signed", work->path);
	TRY(case_identity(work->job, work->file, &statement->case_id));
	TRY(case_head(work->job, work->file, &statement->journal_head));
	TRY(digest_of(work->job, span_of_string(json), &statement->assessment_digest));
	TRY(firmware_digests(work->job, facts, statement));
	TRY(case_claims(work->job, facts, &assessment, statement, &claims));
	return certificate_claims_digest(work->job, &claims, &statement->claims_digest);
}

static enum status
make_signature(struct work *work, const struct statement *statement, const char *key_path,
    const char *certificate_path, struct case_signature *signature)
{
	struct identity person;
	struct key *key = NULL;
	enum status status;

	TRY(file_read(work->job, certificate_path, (size_t)1 << 20, &signature->certificate));
	TRY(identity_read_pem(work->job, signature->certificate, &person));
	TRY(statement_write(work->job, statement, &signature->statement));
	TRY(key_read(work->job, key_path, KEY_P256, &key));
	status =
	    statement_sign(work->job, statement, key, &person, work->now, &signature->signature);
	key_free(key);
	signature->role = statement->role;
	signature->person = person.name;
	return status;
}

enum status
work_sign(struct work *work, const char *role, const char *key, const char *certificate)
{
	struct case_signature signature = {0};
	struct statement statement;

	if (role_named(role) == ROLE_COUNT)
		return fail(work->job, STATUS_USAGE,
		    "--as wants tester, reviewer or decision, not '%s'", role);
	TRY(case_statement(work, role, &statement));
	TRY(make_signature(work, &statement, key, certificate, &signature));
	TRY(work_begin(work, "sign", role));
	return work_finish(work, case_put_signature(work->job, work->file, &signature));
}
