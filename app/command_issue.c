/*
 * From a case that three people signed to a certificate in the registry.
 */
#include <string.h>

#include "app/case_issue.h"
#include "app/command.h"
#include "app/process_sign.h"
#include "app/words.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/message.h"
#include "base/text.h"
#include "cert/day.h"
#include "cert/issue.h"
#include "cert/registry.h"

#define PEM_MAX_SIZE ((size_t)64 << 10)

struct issuing {
	const char *registry, *key, *certificate, *method, *until, *output;
	const char *lot, *declaration;
	bool trial;
};

static enum status
check_options(struct job *job, const struct issuing *issuing)
{
	TRY(words_need(job, "registry", issuing->registry));
	TRY(words_need(job, "key", issuing->key));
	TRY(words_need(job, "cert", issuing->certificate));
	TRY(words_need(job, "method", issuing->method));
	TRY(words_need(job, "valid-until", issuing->until));
	return words_need(job, "output", issuing->output);
}

/* The part the body adds to the claims: itself, the method, the dates. */
static enum status
fill_claims(struct invocation *invocation, const struct issuing *issuing, const struct trust *trust,
    struct certificate *claims)
{
	struct job *job = invocation->job;
	const struct method *method = trust_method(trust, issuing->method);
	const struct designated_body *body;
	struct identity identity;
	struct span pem;
	char today[32];
	int64_t first, last;
	const char *colon;

	if (method == NULL)
		return fail(
		    job, STATUS_USAGE, "--method %s: not in the trust list", issuing->method);
	if (!day_bounds(issuing->until, &first, &last))
		return fail(
		    job, STATUS_USAGE, "--valid-until %s: not a day (YYYY-MM-DD)", issuing->until);
	TRY(file_read(job, issuing->certificate, PEM_MAX_SIZE, &pem));
	TRY(identity_read_pem(job, pem, &identity));
	body = trust_body_of(trust, &identity.fingerprint, invocation->now);
	if (body == NULL)
		return fail(job, STATUS_REFUSED, "%s: not the certificate of a designated body",
		    issuing->certificate);
	colon = strrchr(method->method, ':');
	day_of(invocation->now, today);
	claims->method_circular =
	    arena_string(job, method->method, (size_t)(colon - method->method));
	claims->method_number = colon + 1;
	claims->body = body->body;
	claims->body_name = body->name;
	claims->designation = body->designation;
	claims->issued = arena_copy_string(job, today);
	claims->expires = issuing->until;
	claims->lot = issuing->lot;
	claims->declaration = issuing->declaration;
	claims->trial = issuing->trial;
	return claims->method_circular == NULL || claims->issued == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* Whoever decided signs for the body. */
static enum status
fill_signer(struct job *job, struct issue_input *input)
{
	struct statement statement;
	const struct identity *person;
	int64_t signed_at;

	TRY(statement_verify(
	    job, NULL, input->statements[ROLE_DECISION], &statement, &person, &signed_at));
	input->claims.signer = person->name;
	input->claims.signer_role = person->role;
	return STATUS_OK;
}

static enum status
sign(struct job *job, const struct issuing *issuing, const struct issue_input *input,
    struct span *der)
{
	struct sign_files files = {
	    .program = signer_path(job), .key = issuing->key, .certificate = issuing->certificate};
	struct span request;

	files.trust = arena_printf(job, "%s/authority/trust.p7m", issuing->registry);
	if (files.program == NULL || files.trust == NULL)
		return STATUS_LIMIT;
	TRY(issue_request_write(job, input, &request));
	return process_sign(job, &files, request, der);
}

/* CERT becomes CERT.p7m, as further forms of the same certificate will stand beside it. */
static const char *
output_path(struct job *job, const char *output)
{
	return text_ends_with(output, ".p7m") ? output : arena_printf(job, "%s.p7m", output);
}

static enum status
issue(struct invocation *invocation, const struct issuing *issuing, struct registry *registry,
    struct issue_input *input)
{
	static const char *const none[3] = {NULL};
	struct job *job = invocation->job;
	const char *path = output_path(job, issuing->output);
	char number[NUMBER_SIZE];
	struct span der, file;

	TRY(fill_claims(invocation, issuing, registry_trust(registry), &input->claims));
	TRY(fill_signer(job, input));
	TRY(sign(job, issuing, input, &der));
	TRY(registry_accept(job, registry, der, invocation->now, number, &file));
	if (path == NULL)
		return STATUS_LIMIT;
	TRY(file_write(job, path, file, 0644));
	if (issuing->trial)
		say_message(invocation->language, "TRIAL – no legal effect", none);
	say("%s  %s\n", number, path);
	return STATUS_OK;
}

static enum status
run(struct invocation *invocation)
{
	struct issuing issuing = {0};
	const struct option options[] = {{"registry", OPTION_TEXT, &issuing.registry},
	    {"key", OPTION_TEXT, &issuing.key}, {"cert", OPTION_TEXT, &issuing.certificate},
	    {"method", OPTION_TEXT, &issuing.method}, {"valid-until", OPTION_TEXT, &issuing.until},
	    {"lot", OPTION_TEXT, &issuing.lot}, {"declaration", OPTION_TEXT, &issuing.declaration},
	    {"trial", OPTION_FLAG, &issuing.trial}, {"output", OPTION_TEXT, &issuing.output}};
	struct job *job = invocation->job;
	struct option_list operands;
	struct issue_input input = {0};
	struct registry *registry;
	enum status status;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	TRY(check_options(job, &issuing));
	TRY(case_issue_input(job, operands.values[0], &input));
	if (input.trial_only && !issuing.trial)
		return fail(job, STATUS_UNDECIDED,
		    "profile %s is our reading of the regulation, not yet in force: only a trial "
		    "certificate can be issued; add --trial",
		    input.claims.profile);
	TRY(registry_open(job, issuing.registry, true, &registry));
	status = issue(invocation, &issuing, registry, &input);
	registry_close(registry);
	return status;
}

const struct command command_issue = {
    .name = "issue",
    .summary = "Builds, signs and registers the certificate of a case that three people signed.",
    .usage = "issue CASE --registry R --key K --cert C --method M --valid-until D\n"
	     "              [--lot TEXT] [--declaration N] [--trial] -o CERT",
    .run = run,
};
