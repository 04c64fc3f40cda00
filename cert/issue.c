/*
 * The signer trusts no field it is handed: each is either in the statements that three
 * people signed, in the trust list, or harmless.
 */
#include "cert/issue.h"

#include <string.h>

#include "cert/day.h"

/* Clocks of the people who sign may be this far ahead of ours. */
#define CLOCK_SKEW ((int64_t)300)
/* An assessment older than this says too little of what is sold today. */
#define ASSESSMENT_LIFE ((int64_t)90 * 86400)

struct issue_request {
	struct span claims, tester, reviewer, decision;
};

#define STRUCTURE issue_request
#include "cert/record_fields.h"

static const struct record_field fields[] = {
    BYTES_FIELD(claims, ISSUE_REQUEST_MAX_SIZE),
    BYTES_FIELD(tester, ISSUE_REQUEST_MAX_SIZE),
    BYTES_FIELD(reviewer, ISSUE_REQUEST_MAX_SIZE),
    BYTES_FIELD(decision, ISSUE_REQUEST_MAX_SIZE),
};
static const struct record_shape shape = {
    "request", "urn:hopquy:request:1", fields, ARRAY_SIZE(fields), sizeof(struct issue_request)};

enum status
issue_request_write(struct job *job, const struct issue_input *input, struct span *bytes)
{
	struct issue_request request = {.tester = input->statements[ROLE_TESTER],
	    .reviewer = input->statements[ROLE_REVIEWER],
	    .decision = input->statements[ROLE_DECISION]};

	TRY(certificate_write(job, &input->claims, &request.claims));
	TRY(record_write(job, &shape, &request, bytes));
	if (bytes->size > ISSUE_REQUEST_MAX_SIZE)
		return fail(job, STATUS_LIMIT, "request to the signer: %zu bytes", bytes->size);
	return STATUS_OK;
}

struct signed_statement {
	struct statement statement;
	const struct identity *person;
	int64_t signed_at;
};

/* The person is enrolled for that role, then and now, and for that body. */
static enum status
check_person(struct job *job, const struct trust *trust, const struct signed_statement *signature,
    const char *body, int64_t now)
{
	const struct identity *person = signature->person;
	const struct enrolled_person *enrolled = trust_person_of(trust, &person->fingerprint);

	if (enrolled == NULL || strcmp(enrolled->role, signature->statement.role) != 0)
		return fail(job, STATUS_REFUSED, "%s is not enrolled as %s", person->name,
		    signature->statement.role);
	if (enrolled->body != NULL && strcmp(enrolled->body, body) != 0)
		return fail(job, STATUS_REFUSED, "%s acts for %s, not for %s", person->name,
		    enrolled->body, body);
	if (signature->signed_at < enrolled->from || signature->signed_at > enrolled->until ||
	    signature->signed_at > now + CLOCK_SKEW)
		return fail(job, STATUS_REFUSED, "%s signed at a time when it does not count",
		    person->name);
	return identity_check_issuer(job, person, &trust->root);
}

static enum status
read_statements(struct job *job, const struct issue_request *request, const struct trust *trust,
    const char *body, int64_t now, struct signed_statement signatures[STATEMENT_SIGNERS])
{
	const struct span signed_bytes[] = {request->tester, request->reviewer, request->decision};

	for (unsigned role = 0; role < STATEMENT_SIGNERS; role++) {
		struct signed_statement *signature = &signatures[role];

		TRY(statement_verify(job, NULL, signed_bytes[role], &signature->statement,
		    &signature->person, &signature->signed_at));
		if (role_named(signature->statement.role) != role)
			return fail(job, STATUS_REFUSED, "%s signed as %s where the %s should have",
			    signature->person->name, signature->statement.role,
			    role_name((enum role)role));
		TRY(check_person(job, trust, signature, body, now));
	}
	return STATUS_OK;
}

static enum status
check_agreement(struct job *job, const struct signed_statement signatures[STATEMENT_SIGNERS])
{
	for (unsigned i = 0; i < STATEMENT_SIGNERS; i++) {
		const struct signed_statement *a = &signatures[i];
		const struct signed_statement *b = &signatures[(i + 1) % STATEMENT_SIGNERS];

		if (digest_equal(&a->person->key, &b->person->key) ||
		    strcmp(a->person->name, b->person->name) == 0)
			return fail(job, STATUS_REFUSED,
			    "%s signed as %s and as %s: three different people must",
			    a->person->name, a->statement.role, b->statement.role);
		if (!statement_agrees(job, &a->statement, &b->statement))
			return fail(job, STATUS_REFUSED,
			    "%s and %s signed different statements; the case changed between them",
			    a->person->name, b->person->name);
	}
	if (strcmp(signatures[0].statement.verdict, "PASS") != 0)
		return fail(job, STATUS_REFUSED, "the overall verdict is %s, not PASS",
		    signatures[0].statement.verdict);
	return STATUS_OK;
}

/* Every digest of the firmware list stands in the statement, and the other way round. */
static bool
same_firmware(const struct certificate *claims, const struct statement *statement)
{
	size_t found = 0;

	for (size_t i = 0; i < statement->firmware_count; i++) {
		size_t j = 0;

		while (j < claims->firmware_count &&
		       !digest_equal(&claims->firmware[j].sha256, &statement->firmware[i]))
			j++;
		found += j < claims->firmware_count;
	}
	for (size_t j = 0; j < claims->firmware_count; j++)
		if (strcmp(claims->firmware[j].version, statement->firmware_version) != 0)
			return false;
	return found == statement->firmware_count && found == claims->firmware_count;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static enum status
check_claims(struct job *job, const struct certificate *claims, const struct statement *statement)
{
	struct digest digest;

	TRY(certificate_claims_digest(job, claims, &digest));
	const struct {
		bool same;
		const char *what;
	} rows[] = {
	    {same_text(claims->case_id, statement->case_id), "case"},
	    {same_text(claims->model, statement->model), "model"},
	    {same_text(claims->hardware, statement->hardware), "hardware"},
	    {same_firmware(claims, statement), "firmware"},
	    {same_text(claims->profile, statement->profile), "profile"},
	    {digest_equal(&claims->profile_digest, &statement->profile_digest), "profile digest"},
	    {digest_equal(&claims->catalogue_digest, &statement->catalogue_digest),
		"catalogue digest"},
	    {digest_equal(&claims->evidence_digest, &statement->evidence_digest),
		"evidence digest"},
	    {digest_equal(&claims->reference_digest, &statement->reference_digest),
		"reference digest"},
	    {digest_equal(&claims->vulnerability_digest, &statement->vulnerability_digest),
		"vulnerability digest"},
	    {digest_equal(&claims->assessment_digest, &statement->assessment_digest),
		"assessment digest"},
	    {claims->assessed_at == statement->assessed_at, "date of assessment"},
	    {same_text(claims->program_version, statement->program_version), "program version"},
	    {claims->corrections == statement->corrections, "number of corrections"},
	    {claims->trial || !statement->trial, "trial mark"},
	    {digest_equal(&digest, &statement->claims_digest), "holder, maker or product"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!rows[i].same)
			return fail(job, STATUS_REFUSED,
			    "the %s asked for is not the one that was signed", rows[i].what);
	return STATUS_OK;
}

/* Who signs for the body, and whose laboratory it was, is what three certificates say. */
static enum status
check_people(struct job *job, const struct certificate *claims,
    const struct signed_statement signatures[STATEMENT_SIGNERS])
{
	const struct identity *tester = signatures[ROLE_TESTER].person;
	const struct signed_statement *decision = &signatures[ROLE_DECISION];
	const char *laboratory = tester->organisation == NULL ? tester->name : tester->organisation;

	if (!same_text(claims->signer, decision->person->name) ||
	    !same_text(claims->signer_role, decision->statement.role))
		return fail(job, STATUS_REFUSED, "%s is to sign as %s, but %s decided",
		    claims->signer, claims->signer_role, decision->person->name);
	if (!same_text(claims->laboratory, laboratory))
		return fail(job, STATUS_REFUSED, "laboratory %s: the tester is of %s",
		    claims->laboratory, laboratory);
	return STATUS_OK;
}

static enum status
check_assessed(struct job *job, const struct statement *statement, int64_t now)
{
	char day[32];

	day_of(statement->assessed_at, day);
	if (statement->assessed_at > now + CLOCK_SKEW)
		return fail(job, STATUS_REFUSED, "assessed on %s, which is in the future", day);
	if (statement->assessed_at < now - ASSESSMENT_LIFE)
		return fail(job, STATUS_REFUSED,
		    "assessed on %s, more than 90 days ago; assess the case again", day);
	return STATUS_OK;
}

static enum status
check_today(struct job *job, const struct certificate *claims, int64_t now)
{
	char today[32];

	day_of(now, today);
	if (strcmp(claims->issued, today) != 0)
		return fail(
		    job, STATUS_REFUSED, "issued on %s, but today is %s", claims->issued, today);
	return STATUS_OK;
}

enum status
issue_decide(struct job *job, struct span request_bytes, const struct trust *trust,
    const struct identity *signer, int64_t now, struct span *xml)
{
	struct signed_statement signatures[STATEMENT_SIGNERS];
	struct issue_request request;
	struct certificate claims;

	if (request_bytes.size > ISSUE_REQUEST_MAX_SIZE)
		return fail(job, STATUS_LIMIT, "request: %zu bytes", request_bytes.size);
	TRY(trust_check_date(job, trust, now));
	TRY(record_read(job, &shape, request_bytes, &request));
	TRY(certificate_read(job, request.claims, &claims));
	TRY(check_today(job, &claims, now));
	TRY(trust_check_rights(job, trust, &signer->fingerprint, &claims, now));
	TRY(read_statements(job, &request, trust, claims.body, now, signatures));
	TRY(check_agreement(job, signatures));
	TRY(check_claims(job, &claims, &signatures[ROLE_TESTER].statement));
	TRY(check_people(job, &claims, signatures));
	TRY(check_assessed(job, &signatures[ROLE_TESTER].statement, now));
	return certificate_write(job, &claims, xml);
}
