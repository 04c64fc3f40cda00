/*
 * Who may certify what is decided here, from the signed list alone.
 */
#include "cert/authority.h"

#include <string.h>

#include "base/arena.h"
#include "cert/day.h"

#define STRUCTURE approved_profile
#include "cert/record_fields.h"

static const struct record_field profile_fields[] = {
    TEXT_FIELD(profile),
    TEXT_FIELD(regulation),
    TEXT_FIELD(state),
    DIGEST_FIELD(profile_digest),
    DIGEST_FIELD(catalogue_digest),
    DIGEST_FIELD(reference_digest),
    TIME_FIELD(from),
    TIME_FIELD(until),
};
static const struct record_shape profile_shape = {
    "profiles", NULL, profile_fields, ARRAY_SIZE(profile_fields), sizeof(struct approved_profile)};

#undef STRUCTURE
#define STRUCTURE method
static const struct record_field method_fields[] = {
    TEXT_FIELD(method),
    INTEGER_FIELD(months),
    FLAG_FIELD(lot),
};
static const struct record_shape method_shape = {
    "methods", NULL, method_fields, ARRAY_SIZE(method_fields), sizeof(struct method)};

#undef STRUCTURE
#define STRUCTURE restriction
static const struct record_field restriction_fields[] = {
    TEXT_FIELD(measure),
    TEXT_FIELD(effect),
    TIME_FIELD(from),
    TEXT_FIELD(reason),
};
static const struct record_shape restriction_shape = {"restrictions", NULL, restriction_fields,
    ARRAY_SIZE(restriction_fields), sizeof(struct restriction)};

#undef STRUCTURE
#define STRUCTURE designated_body
static const struct record_field body_fields[] = {
    TEXT_FIELD(body),
    TEXT_FIELD(name),
    TEXT_FIELD(designation),
    DIGEST_FIELD(fingerprint),
    TIME_FIELD(from),
    TIME_FIELD(until),
    TEXT_LIST(profiles, 256),
    TEXT_LIST(methods, 64),
    RECORD_LIST(restrictions, 64, &restriction_shape),
};
static const struct record_shape body_shape = {
    "bodies", NULL, body_fields, ARRAY_SIZE(body_fields), sizeof(struct designated_body)};

#undef STRUCTURE
#define STRUCTURE enrolled_person
static const struct record_field person_fields[] = {
    TEXT_FIELD(name),
    TEXT_FIELD(role),
    OPTIONAL_TEXT(body),
    DIGEST_FIELD(fingerprint),
    TIME_FIELD(from),
    TIME_FIELD(until),
};
static const struct record_shape person_shape = {
    "people", NULL, person_fields, ARRAY_SIZE(person_fields), sizeof(struct enrolled_person)};

#undef STRUCTURE
#define STRUCTURE trust
static const struct record_field fields[] = {
    TEXT_FIELD(authority),
    INTEGER_FIELD(sequence),
    TIME_FIELD(issued),
    TIME_FIELD(next_update),
    INTEGER_FIELD(status_days),
    TEXT_FIELD(log),
    DIGEST_FIELD(log_key),
    DIGEST_FIELD(registrar),
    RECORD_LIST(profiles, 1024, &profile_shape),
    RECORD_LIST(methods, 64, &method_shape),
    RECORD_LIST(bodies, 1024, &body_shape),
    RECORD_LIST(people, 8192, &person_shape),
};
static const struct record_shape shape = {
    "trust", "urn:hopquy:trust:1", fields, ARRAY_SIZE(fields), sizeof(struct trust)};

enum status
trust_write(struct job *job, const struct trust *trust, struct span *xml)
{
	return record_write(job, &shape, trust, xml);
}

enum status
trust_sign(struct job *job, const struct trust *trust, const struct key *root_key,
    const struct identity *root, struct span *der)
{
	struct span xml;

	TRY(trust_write(job, trust, &xml));
	return signature_make(job, root_key, root, xml, false, trust->issued, der);
}

enum status
trust_read(struct job *job, struct span der, const struct digest *root, struct trust *trust)
{
	struct signature signature;
	const struct identity *signer;

	if (der.size > TRUST_MAX_SIZE)
		return fail(job, STATUS_LIMIT, "trust list: %zu bytes", der.size);
	TRY(signature_read(job, der, (struct span){0}, &signature));
	TRY(signature_check(job, NULL, &signature, &signer));
	TRY(identity_check_issuer(job, signer, signer));
	if (root != NULL && !digest_equal(root, &signer->fingerprint))
		return fail(job, STATUS_REFUSED, "trust list: signed by %s, which is not the root",
		    signer->name);
	TRY(record_read(job, &shape, signature.content, trust));
	trust->root = *signer;
	trust->signed_list = der;
	return STATUS_OK;
}

bool
trust_is(struct span xml)
{
	return record_is(&shape, xml);
}

enum status
trust_check_date(struct job *job, const struct trust *trust, int64_t now)
{
	char day[32];

	if (now < trust->issued) {
		day_of(trust->issued, day);
		return fail(
		    job, STATUS_UNDECIDED, "trust list: made on %s, after the date asked for", day);
	}
	day_of(trust->next_update, day);
	if (now > trust->next_update)
		return fail(
		    job, STATUS_UNDECIDED, "trust list: out of date since %s; get a new one", day);
	return STATUS_OK;
}

const struct designated_body *
trust_body_of(const struct trust *trust, const struct digest *fingerprint, int64_t when)
{
	for (size_t i = 0; i < trust->bodies_count; i++)
		if (digest_equal(&trust->bodies[i].fingerprint, fingerprint) &&
		    when >= trust->bodies[i].from && when <= trust->bodies[i].until)
			return &trust->bodies[i];
	return NULL;
}

const struct designated_body *
trust_body_named(const struct trust *trust, const char *id_or_name)
{
	for (size_t i = trust->bodies_count; i-- > 0;)
		if (strcmp(trust->bodies[i].body, id_or_name) == 0 ||
		    strcmp(trust->bodies[i].name, id_or_name) == 0)
			return &trust->bodies[i];
	return NULL;
}

const struct enrolled_person *
trust_person_of(const struct trust *trust, const struct digest *fingerprint)
{
	for (size_t i = 0; i < trust->people_count; i++)
		if (digest_equal(&trust->people[i].fingerprint, fingerprint))
			return &trust->people[i];
	return NULL;
}

/* "CIRCULAR:NUMBER" equals its two halves. */
static bool
is_method(const char *method, const char *circular, const char *number)
{
	size_t size = strlen(circular);

	return strncmp(method, circular, size) == 0 && method[size] == ':' &&
	       strcmp(method + size + 1, number) == 0;
}

const struct method *
trust_method(const struct trust *trust, const char *name)
{
	for (size_t i = 0; i < trust->methods_count; i++)
		if (strcmp(trust->methods[i].method, name) == 0 ||
		    is_method(trust->methods[i].method, DEFAULT_CIRCULAR, name))
			return &trust->methods[i];
	return NULL;
}

static bool
in_scope(const char *const *list, size_t count, const char *wanted)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], wanted) == 0)
			return true;
	return false;
}

static enum status
check_profile(struct job *job, const struct trust *trust, const struct designated_body *body,
    const struct certificate *certificate, int64_t when)
{
	if (!in_scope(body->profiles, body->profiles_count, certificate->profile))
		return fail(job, STATUS_REFUSED, "%s is not designated for %s", body->name,
		    certificate->profile);
	for (size_t i = 0; i < trust->profiles_count; i++) {
		const struct approved_profile *approved = &trust->profiles[i];

		if (strcmp(approved->profile, certificate->profile) != 0 ||
		    !digest_equal(&approved->profile_digest, &certificate->profile_digest) ||
		    !digest_equal(&approved->catalogue_digest, &certificate->catalogue_digest) ||
		    !digest_equal(&approved->reference_digest, &certificate->reference_digest) ||
		    when < approved->from || when > approved->until)
			continue;
		if (strcmp(approved->regulation, certificate->regulation) != 0)
			return fail(job, STATUS_REFUSED, "profile %s is of %s, not of %s",
			    approved->profile, approved->regulation, certificate->regulation);
		if (strcmp(approved->state, "in_force") != 0 && !certificate->trial)
			return fail(job, STATUS_REFUSED,
			    "profile %s is not in force: only trial certificates",
			    approved->profile);
		return STATUS_OK;
	}
	return fail(job, STATUS_REFUSED,
	    "the authority has not approved this profile %s with this catalogue of checks and this "
	    "reference data for that date",
	    certificate->profile);
}

/* The last legal day that is `months` after `date`, or earlier: compares "YYYY-MM-DD" texts. */
static bool
within_months(const char *issued, const char *expires, int64_t months)
{
	int64_t year = 0, month = 0, last_year = 0, last_month = 0;
	char parts[3][8] = {{0}};

	memcpy(parts[0], issued, 4);
	memcpy(parts[1], issued + 5, 2);
	if (!text_parse_integer(parts[0], 0, 9999, &year) ||
	    !text_parse_integer(parts[1], 1, 12, &month))
		return false;
	memcpy(parts[0], expires, 4);
	memcpy(parts[1], expires + 5, 2);
	if (!text_parse_integer(parts[0], 0, 9999, &last_year) ||
	    !text_parse_integer(parts[1], 1, 12, &last_month))
		return false;
	month += year * 12 + months;
	last_month += last_year * 12;
	return last_month < month || (last_month == month && strcmp(expires + 8, issued + 8) <= 0);
}

static enum status
check_method(struct job *job, const struct trust *trust, const struct designated_body *body,
    const struct certificate *certificate)
{
	const struct method *method = NULL;

	for (size_t i = 0; i < trust->methods_count && method == NULL; i++)
		if (is_method(trust->methods[i].method, certificate->method_circular,
			certificate->method_number))
			method = &trust->methods[i];
	if (method == NULL || !in_scope(body->methods, body->methods_count, method->method))
		return fail(job, STATUS_REFUSED, "%s is not designated for method %s of %s",
		    body->name, certificate->method_number, certificate->method_circular);
	if (!within_months(certificate->issued, certificate->expires, method->months))
		return fail(job, STATUS_REFUSED,
		    "method %s allows %lld months of validity; %s to %s is longer", method->method,
		    (long long)method->months, certificate->issued, certificate->expires);
	if (method->lot && certificate->lot == NULL && certificate->declaration == NULL)
		return fail(job, STATUS_REFUSED,
		    "method %s certifies a lot: the certificate names no lot or declaration",
		    method->method);
	return STATUS_OK;
}

static enum status
check_restrictions(struct job *job, const struct designated_body *body, int64_t when)
{
	char day[32];

	for (size_t i = 0; i < body->restrictions_count; i++) {
		if (when < body->restrictions[i].from)
			continue;
		day_of(body->restrictions[i].from, day);
		return fail(job, STATUS_REFUSED, "%s may not certify since %s (%s): %s", body->name,
		    day, body->restrictions[i].measure, body->restrictions[i].reason);
	}
	return STATUS_OK;
}

enum status
trust_check_rights(struct job *job, const struct trust *trust, const struct digest *signer,
    const struct certificate *certificate, int64_t when)
{
	const struct designated_body *body = trust_body_of(trust, signer, when);

	if (body == NULL)
		return fail(
		    job, STATUS_REFUSED, "the signer is not a designated body at that date");
	if (strcmp(body->body, certificate->body) != 0 ||
	    strcmp(body->name, certificate->body_name) != 0 ||
	    strcmp(body->designation, certificate->designation) != 0)
		return fail(job, STATUS_REFUSED, "signed by %s in the name of %s", body->name,
		    certificate->body_name);
	TRY(check_restrictions(job, body, when));
	TRY(check_profile(job, trust, body, certificate, when));
	return check_method(job, trust, body, certificate);
}

const struct restriction *
trust_restriction(
    const struct trust *trust, const struct digest *signer, int64_t accepted, int64_t now)
{
	const struct designated_body *body = trust_body_of(trust, signer, accepted);
	const struct restriction *found = NULL;

	for (size_t i = 0; body != NULL && i < body->restrictions_count; i++) {
		const struct restriction *restriction = &body->restrictions[i];

		if (now < restriction->from || strcmp(restriction->effect, "future") == 0)
			continue;
		if (found == NULL || strcmp(restriction->effect, "all") == 0)
			found = restriction;
	}
	return found;
}
