/*
 * What the authority decides: profiles, bodies, people and limits put on bodies.
 */
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "cert/office_amend.h"

#define PERSON_LIFE ((int64_t)3 * 365 * 86400)

/* A copy of a list with one more item at its end; NULL when out of budget. */
static void *
with_one_more(struct job *job, const void *items, size_t count, size_t size, const void *item)
{
	char *more = arena_array(job, count + 1, size);

	if (more == NULL)
		return NULL;
	if (count > 0)
		memcpy(more, items, count * size);
	memcpy(more + count * size, item, size);
	return more;
}

static enum status
add_profile(struct job *job, struct trust *trust, const struct key *root_key, void *context)
{
	(void)root_key;
	trust->profiles = with_one_more(
	    job, trust->profiles, trust->profiles_count++, sizeof(*trust->profiles), context);
	return trust->profiles == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
office_approve(
    struct job *job, const char *folder, const struct approved_profile *profile, int64_t now)
{
	struct approved_profile copy = *profile;

	if (copy.from > copy.until)
		return fail(job, STATUS_USAGE, "profile %s: its dates are the wrong way round",
		    profile->profile);
	return office_amend(job, folder, now, add_profile, &copy);
}

/* A name as an id and file name: lower-case ASCII letters and digits, hyphens between. */
static char *
make_id(struct job *job, const char *name)
{
	char *id = arena_copy_string(job, name), *out = id;

	for (const char *at = name; id != NULL && *at != '\0'; at++) {
		char c = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			*out++ = c;
		else if (out > id && out[-1] != '-')
			*out++ = '-';
	}
	if (id == NULL)
		return NULL;
	while (out > id && out[-1] == '-')
		out--;
	*out = '\0';
	return id[0] == '\0' ? arena_copy_string(job, "body") : id;
}

static enum status
write_pem(struct job *job, const char *folder, const char *below, const char *id,
    const struct identity *identity, const char **path)
{
	struct span pem;

	*path = arena_printf(job, "%s/%s/%s.pem", folder, below, id);
	if (*path == NULL)
		return STATUS_LIMIT;
	TRY(identity_to_pem(job, identity->der, &pem));
	return file_write(job, *path, pem, 0644);
}

/* "profiles=a,b;methods=c,d": for people who look at the certificate. */
static enum status
scope_text(struct job *job, const struct designated_body *body, const char **scope)
{
	struct text out = text_new(job);

	text_put(&out, "profiles=");
	for (size_t i = 0; i < body->profiles_count; i++)
		text_printf(&out, "%s%s", i == 0 ? "" : ",", body->profiles[i]);
	text_put(&out, ";methods=");
	for (size_t i = 0; i < body->methods_count; i++)
		text_printf(&out, "%s%s", i == 0 ? "" : ",", body->methods[i]);
	return text_finish(&out, scope);
}

struct designating {
	const char *folder;
	const struct designation *designation;
	int64_t now;
	const char *path;
};

static bool
is_approved(const struct trust *trust, const char *profile)
{
	for (size_t i = 0; i < trust->profiles_count; i++)
		if (strcmp(trust->profiles[i].profile, profile) == 0)
			return true;
	return false;
}

/* Scope in the list's own words: approved profiles, full names of methods. */
static enum status
fill_scope(struct job *job, const struct trust *trust, const struct designation *designation,
    struct designated_body *body)
{
	const char **methods = arena_array(job, designation->method_count, sizeof(*methods));

	if (methods == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < designation->profile_count; i++)
		if (!is_approved(trust, designation->profiles[i]))
			return fail(job, STATUS_USAGE,
			    "profile %s: not approved; run authority approve first",
			    designation->profiles[i]);
	for (size_t i = 0; i < designation->method_count; i++) {
		const struct method *method = trust_method(trust, designation->methods[i]);

		if (method == NULL)
			return fail(job, STATUS_USAGE, "method %s: not one of %s",
			    designation->methods[i], DEFAULT_CIRCULAR);
		methods[i] = method->method;
	}
	body->profiles = designation->profiles;
	body->profiles_count = designation->profile_count;
	body->methods = methods;
	body->methods_count = designation->method_count;
	return STATUS_OK;
}

static enum status
certificate_of_body(struct job *job, const struct trust *trust, const struct key *root_key,
    const struct designating *context, struct designated_body *body, struct identity *identity)
{
	const struct designation *designation = context->designation;
	struct identity_request request = {.name = body->name,
	    .organisation = body->name,
	    .role = "certification body",
	    .not_before = context->now,
	    .not_after = body->until,
	    .signing_request = designation->request};

	if (designation->request.size == 0)
		return identity_read_pem(job, designation->certificate, identity);
	if (body->until < context->now)
		return fail(job, STATUS_USAGE, "%s: the designation ends in the past", body->name);
	TRY(scope_text(job, body, &request.scope));
	return identity_issue(job, &request, &trust->root, root_key, identity);
}

/* An older entry of the same body ends where the new one begins. */
static enum status
end_older(struct job *job, struct trust *trust, const struct designated_body *body)
{
	struct designated_body *bodies = arena_array(job, trust->bodies_count + 1, sizeof(*bodies));

	if (bodies == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < trust->bodies_count; i++) {
		bodies[i] = trust->bodies[i];
		if (strcmp(bodies[i].body, body->body) == 0 && bodies[i].until >= body->from)
			bodies[i].until = body->from - 1;
	}
	bodies[trust->bodies_count++] = *body;
	trust->bodies = bodies;
	return STATUS_OK;
}

static enum status
add_body(struct job *job, struct trust *trust, const struct key *root_key, void *context)
{
	struct designating *designating = context;
	const struct designation *designation = designating->designation;
	struct designated_body body = {.name = designation->name,
	    .designation = designation->decision,
	    .from = designation->from,
	    .until = designation->until,
	    .body = make_id(job, designation->name)};
	const struct designated_body *known;
	struct identity identity;

	if (body.body == NULL)
		return STATUS_LIMIT;
	known = trust_body_named(trust, body.body);
	if (known != NULL && strcmp(known->name, body.name) != 0)
		return fail(job, STATUS_USAGE, "%s: its id %s is already that of %s", body.name,
		    body.body, known->name);
	if (body.from > body.until)
		return fail(job, STATUS_USAGE, "%s: its dates are the wrong way round", body.name);
	TRY(fill_scope(job, trust, designation, &body));
	TRY(certificate_of_body(job, trust, root_key, designating, &body, &identity));
	body.fingerprint = identity.fingerprint;
	TRY(end_older(job, trust, &body));
	return write_pem(
	    job, designating->folder, "bodies", body.body, &identity, &designating->path);
}

enum status
office_designate(struct job *job, const char *folder, const struct designation *designation,
    int64_t now, const char **path)
{
	struct designating context = {folder, designation, now, NULL};

	TRY(office_amend(job, folder, now, add_body, &context));
	*path = context.path;
	return STATUS_OK;
}

struct enrolling {
	const char *folder, *person, *body;
	enum role role;
	struct span request;
	int64_t now;
	const char *path;
};

static enum status
add_person(struct job *job, struct trust *trust, const struct key *root_key, void *context)
{
	struct enrolling *enrolling = context;
	const struct designated_body *body = NULL;
	struct identity_request request = {.name = enrolling->person,
	    .role = role_name(enrolling->role),
	    .not_before = enrolling->now,
	    .not_after = enrolling->now + PERSON_LIFE,
	    .signing_request = enrolling->request};
	struct enrolled_person person = {.name = enrolling->person,
	    .role = request.role,
	    .from = request.not_before,
	    .until = request.not_after};
	struct identity identity;
	const char *id;

	if (enrolling->body != NULL) {
		body = trust_body_named(trust, enrolling->body);
		if (body == NULL)
			return fail(job, STATUS_USAGE, "%s: no such body", enrolling->body);
		person.body = body->body;
		request.organisation = body->name;
	}
	TRY(identity_issue(job, &request, &trust->root, root_key, &identity));
	person.fingerprint = identity.fingerprint;
	trust->people = with_one_more(
	    job, trust->people, trust->people_count++, sizeof(*trust->people), &person);
	id = make_id(job, arena_printf(job, "%s %s", enrolling->person, request.role));
	if (trust->people == NULL || id == NULL)
		return STATUS_LIMIT;
	return write_pem(job, enrolling->folder, "people", id, &identity, &enrolling->path);
}

enum status
office_enrol(struct job *job, const char *folder, const char *person, enum role role,
    const char *body, struct span request, int64_t now, const char **path)
{
	struct enrolling context = {folder, person, body, role, request, now, NULL};

	TRY(office_amend(job, folder, now, add_person, &context));
	*path = context.path;
	return STATUS_OK;
}

struct restricting {
	const char *body;
	const struct restriction *restriction;
};

static enum status
add_restriction(struct job *job, struct trust *trust, const struct key *root_key, void *context)
{
	const struct restricting *restricting = context;
	const struct designated_body *body = trust_body_named(trust, restricting->body);
	struct designated_body *bodies = arena_array(job, trust->bodies_count + 1, sizeof(*bodies));

	(void)root_key;
	if (bodies == NULL)
		return STATUS_LIMIT;
	if (body == NULL)
		return fail(job, STATUS_USAGE, "%s: no such body", restricting->body);
	for (size_t i = 0; i < trust->bodies_count; i++) {
		bodies[i] = trust->bodies[i];
		if (strcmp(bodies[i].body, body->body) != 0)
			continue;
		bodies[i].restrictions =
		    with_one_more(job, bodies[i].restrictions, bodies[i].restrictions_count++,
			sizeof(struct restriction), restricting->restriction);
		if (bodies[i].restrictions == NULL)
			return STATUS_LIMIT;
	}
	trust->bodies = bodies;
	return STATUS_OK;
}

enum status
office_restrict(struct job *job, const char *folder, const char *body,
    const struct restriction *restriction, int64_t now)
{
	struct restricting context = {body, restriction};

	return office_amend(job, folder, now, add_restriction, &context);
}
