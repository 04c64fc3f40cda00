/*
 * Three people sign the same words; equality of bytes, role aside, is what agreement means.
 */
#include "cert/statement.h"

#include <string.h>

#define STRUCTURE statement
#include "cert/record_fields.h"

static const struct record_field fields[] = {
    TEXT_FIELD(role),
    TEXT_FIELD(case_id),
    TEXT_FIELD(model),
    OPTIONAL_TEXT(hardware),
    TEXT_FIELD(firmware_version),
    DIGEST_LIST(firmware, STATEMENT_MAX_FIRMWARE),
    TEXT_FIELD(profile),
    DIGEST_FIELD(profile_digest),
    DIGEST_FIELD(catalogue_digest),
    DIGEST_FIELD(evidence_digest),
    DIGEST_FIELD(reference_digest),
    DIGEST_FIELD(vulnerability_digest),
    DIGEST_FIELD(assessment_digest),
    DIGEST_FIELD(claims_digest),
    TEXT_FIELD(verdict),
    FLAG_FIELD(trial),
    TIME_FIELD(assessed_at),
    TEXT_FIELD(program_version),
    INTEGER_FIELD(corrections),
    DIGEST_FIELD(journal_head),
};

static const struct record_shape shape = {
    "statement", "urn:hopquy:statement:1", fields, ARRAY_SIZE(fields), sizeof(struct statement)};

static const char *const role_names[ROLE_COUNT] = {"tester", "reviewer", "decision"};

const char *
role_name(enum role role)
{
	return role_names[role];
}

enum role
role_named(const char *name)
{
	unsigned role = 0;

	while (role < ROLE_COUNT && (name == NULL || strcmp(name, role_names[role]) != 0))
		role++;
	return (enum role)role;
}

static enum status
check(struct job *job, const struct statement *statement)
{
	if (role_named(statement->role) == ROLE_COUNT)
		return fail(job, STATUS_MALFORMED, "statement: unknown role");
	for (size_t i = 1; i < statement->firmware_count; i++)
		if (memcmp(&statement->firmware[i - 1], &statement->firmware[i], DIGEST_SIZE) >= 0)
			return fail(job, STATUS_MALFORMED,
			    "statement: firmware digests are not in ascending order");
	return STATUS_OK;
}

enum status
statement_write(struct job *job, const struct statement *statement, struct span *bytes)
{
	TRY(check(job, statement));
	return record_write(job, &shape, statement, bytes);
}

enum status
statement_read(struct job *job, struct span bytes, struct statement *statement)
{
	if (bytes.size > STATEMENT_MAX_SIZE)
		return fail(job, STATUS_LIMIT, "statement: %zu bytes", bytes.size);
	TRY(record_read(job, &shape, bytes, statement));
	return check(job, statement);
}

static enum status
check_role(struct job *job, const struct statement *statement, const struct identity *person)
{
	if (person->role != NULL && strcmp(person->role, statement->role) == 0)
		return STATUS_OK;
	return fail(job, STATUS_REFUSED, "statement: %s is enrolled as %s, not as %s", person->name,
	    person->role == NULL ? "nothing" : person->role, statement->role);
}

enum status
statement_sign(struct job *job, const struct statement *statement, const struct key *key,
    const struct identity *person, int64_t now, struct span *der)
{
	struct span bytes;

	TRY(check_role(job, statement, person));
	TRY(statement_write(job, statement, &bytes));
	return signature_make(job, key, person, bytes, false, now, der);
}

enum status
statement_verify(struct job *job, struct identity_cache *cache, struct span der,
    struct statement *statement, const struct identity **person, int64_t *signed_at)
{
	struct signature signature;

	TRY(signature_read(job, der, (struct span){0}, &signature));
	TRY(signature_check(job, cache, &signature, person));
	TRY(statement_read(job, signature.content, statement));
	*signed_at = signature.signed_at;
	return check_role(job, statement, *person);
}

bool
statement_agrees(struct job *job, const struct statement *a, const struct statement *b)
{
	struct statement same = *b;
	struct span first, second;

	same.role = a->role;
	return statement_write(job, a, &first) == STATUS_OK &&
	       statement_write(job, &same, &second) == STATUS_OK && span_equal(first, second);
}
