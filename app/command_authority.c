/*
 * The national authority's decisions, each a new signed trust list.
 */
#include <string.h>
#include <unistd.h>

#include "app/case_work.h"
#include "app/words.h"
#include "assess/catalogue.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "cert/day.h"
#include "cert/office.h"

#define PEM_MAX_SIZE ((size_t)64 << 10)
#define DESIGNATION_DAYS 1095
#define END_OF_TIME INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static enum status
run_init(struct invocation *invocation)
{
	const char *name = "National authority (trial)";
	const struct option options[] = {{"name", OPTION_TEXT, &name}};
	struct job *job = invocation->job;
	struct option_list operands;
	struct trust trust;
	char fingerprint[DIGEST_HEX_SIZE];

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	TRY(office_create(job, operands.values[0], name, invocation->now));
	TRY(office_read_trust(job, operands.values[0], &trust));
	digest_to_hex(&trust.root.fingerprint, fingerprint);
	say("%s  %s\n", fingerprint, trust.authority);
	return STATUS_OK;
}

static enum status
run_approve(struct invocation *invocation)
{
	struct job *job = invocation->job;
	struct approved_profile approved = {0};
	const struct profile *profile;
	struct option_list operands;
	char hex[3][DIGEST_HEX_SIZE];
	const char *checks, *data;

	TRY(options_parse(invocation, NULL, 0, 2, 2, &operands));
	TRY(work_profile(job, operands.values[1], &profile));
	checks = file_path_join(job, app_home(job), "checks");
	data = file_path_join(job, app_home(job), "data");
	if (checks == NULL || data == NULL)
		return STATUS_LIMIT;
	TRY(catalogue_digest(job, checks, &approved.catalogue_digest));
	TRY(reference_digest(job, data, &approved.reference_digest));
	approved.profile = profile->id;
	approved.regulation = profile->regulation;
	approved.state = profile->status;
	approved.profile_digest = profile->digest;
	approved.from = profile->valid_from;
	approved.until = profile->valid_to > END_OF_TIME ? END_OF_TIME : profile->valid_to;
	TRY(office_approve(job, operands.values[0], &approved, invocation->now));
	digest_to_hex(&approved.profile_digest, hex[0]);
	digest_to_hex(&approved.catalogue_digest, hex[1]);
	digest_to_hex(&approved.reference_digest, hex[2]);
	say("%s  %s  profile %s  catalogue %s  reference %s\n", approved.profile, approved.state,
	    hex[0], hex[1], hex[2]);
	return STATUS_OK;
}

/* Reads the key, or makes it when there is none yet. */
static enum status
read_or_make_key(struct job *job, const char *path, struct key **key)
{
	enum status status;

	if (access(path, F_OK) == 0 || text_starts_with(path, "pkcs11:"))
		return key_read(job, path, KEY_P256, key);
	TRY(key_generate(job, KEY_P256, key));
	status = key_write_new(job, *key, path);
	if (status != STATUS_OK) {
		key_free(*key);
		return status;
	}
	tell("new key: %s\n", path);
	return STATUS_OK;
}

static enum status
run_request(struct invocation *invocation)
{
	const char *path = NULL, *output = NULL, *name = "request";
	const struct option options[] = {{"key", OPTION_TEXT, &path},
	    {"output", OPTION_TEXT, &output}, {"name", OPTION_TEXT, &name}};
	struct job *job = invocation->job;
	struct option_list operands;
	struct key *key = NULL;
	struct span pem;
	enum status status;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 0, 0, &operands));
	TRY(words_need(job, "key", path));
	TRY(words_need(job, "output", output));
	TRY(read_or_make_key(job, path, &key));
	status = identity_make_request(job, key, name, &pem);
	key_free(key);
	TRY(status);
	return file_write(job, output, pem, 0644);
}

/* The certificate also where the operator asked for it. */
static enum status
deliver(struct job *job, const char *path, const char *output)
{
	struct span pem;

	say("%s\n", output == NULL ? path : output);
	if (output == NULL)
		return STATUS_OK;
	TRY(file_read(job, path, PEM_MAX_SIZE, &pem));
	return file_write(job, output, pem, 0644);
}

struct designating {
	const char *request, *certificate, *profiles, *methods, *from, *until, *output;
	struct designation designation;
};

static enum status
fill_designation(struct invocation *invocation, struct designating *designating)
{
	struct designation *designation = &designating->designation;
	struct job *job = invocation->job;
	const char **items;

	TRY(words_need(job, "body", designation->name));
	TRY(words_need(job, "scope", designating->profiles));
	TRY(words_need(job, "methods", designating->methods));
	if ((designating->request == NULL) == (designating->certificate == NULL))
		return fail(job, STATUS_USAGE, "either --request or --cert is needed");
	TRY(words_split(job, designating->profiles, &items, &designation->profile_count));
	designation->profiles = items;
	TRY(words_split(job, designating->methods, &items, &designation->method_count));
	designation->methods = items;
	designation->from = invocation->now;
	designation->until = invocation->now + (int64_t)DESIGNATION_DAYS * 86400;
	if (designating->from != NULL)
		TRY(words_moment(job, "from", designating->from, false, &designation->from));
	if (designating->until != NULL)
		TRY(words_moment(job, "until", designating->until, true, &designation->until));
	if (designating->request != NULL)
		return file_read(job, designating->request, PEM_MAX_SIZE, &designation->request);
	return file_read(job, designating->certificate, PEM_MAX_SIZE, &designation->certificate);
}

static enum status
run_designate(struct invocation *invocation)
{
	struct designating designating = {.designation.decision = "trial"};
	const struct option options[] = {
	    {"body", OPTION_TEXT, &designating.designation.name},
	    {"decision", OPTION_TEXT, &designating.designation.decision},
	    {"request", OPTION_TEXT, &designating.request},
	    {"cert", OPTION_TEXT, &designating.certificate},
	    {"scope", OPTION_TEXT, &designating.profiles},
	    {"methods", OPTION_TEXT, &designating.methods},
	    {"from", OPTION_TEXT, &designating.from},
	    {"until", OPTION_TEXT, &designating.until},
	    {"output", OPTION_TEXT, &designating.output},
	};
	struct option_list operands;
	const char *path;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	TRY(fill_designation(invocation, &designating));
	TRY(office_designate(
	    invocation->job, operands.values[0], &designating.designation, invocation->now, &path));
	return deliver(invocation->job, path, designating.output);
}

static enum status
run_enrol(struct invocation *invocation)
{
	const char *person = NULL, *role = NULL, *request = NULL, *body = NULL, *output = NULL;
	const struct option options[] = {{"person", OPTION_TEXT, &person},
	    {"role", OPTION_TEXT, &role}, {"request", OPTION_TEXT, &request},
	    {"body", OPTION_TEXT, &body}, {"output", OPTION_TEXT, &output}};
	struct job *job = invocation->job;
	struct option_list operands;
	struct span pem;
	const char *path;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 1, 1, &operands));
	TRY(words_need(job, "person", person));
	TRY(words_need(job, "role", role));
	TRY(words_need(job, "request", request));
	if (role_named(role) == ROLE_COUNT)
		return fail(job, STATUS_USAGE, "--role %s: not tester, reviewer or decision", role);
	TRY(file_read(job, request, PEM_MAX_SIZE, &pem));
	TRY(office_enrol(
	    job, operands.values[0], person, role_named(role), body, pem, invocation->now, &path));
	return deliver(job, path, output);
}

static enum status
restrict_body(struct invocation *invocation, const char *measure)
{
	const char *from = NULL;
	struct restriction restriction = {.measure = measure, .from = invocation->now};
	const struct option options[] = {{"effect", OPTION_TEXT, &restriction.effect},
	    {"from", OPTION_TEXT, &from}, {"reason", OPTION_TEXT, &restriction.reason}};
	struct job *job = invocation->job;
	struct option_list operands;

	TRY(options_parse(invocation, options, ARRAY_SIZE(options), 2, 2, &operands));
	TRY(words_need(job, "effect", restriction.effect));
	if (strcmp(restriction.effect, "future") != 0 &&
	    strcmp(restriction.effect, "review") != 0 && strcmp(restriction.effect, "all") != 0)
		return fail(job, STATUS_USAGE, "--effect %s: not future, review or all",
		    restriction.effect);
	if (from != NULL)
		TRY(words_moment(job, "from", from, false, &restriction.from));
	if (restriction.reason == NULL)
		restriction.reason = measure;
	return office_restrict(
	    job, operands.values[0], operands.values[1], &restriction, invocation->now);
}

static enum status
run_suspend(struct invocation *invocation)
{
	return restrict_body(invocation, "suspend");
}

static enum status
run_withdraw(struct invocation *invocation)
{
	return restrict_body(invocation, "withdraw");
}

static enum status
run_renew(struct invocation *invocation)
{
	struct option_list operands;

	TRY(options_parse(invocation, NULL, 0, 1, 1, &operands));
	return office_renew(invocation->job, operands.values[0], invocation->now);
}

static void
show_bodies(const struct trust *trust)
{
	char from[32], until[32];

	for (size_t i = 0; i < trust->bodies_count; i++) {
		const struct designated_body *body = &trust->bodies[i];

		day_of(body->from, from);
		day_of(body->until, until);
		say("body     %s  %s  %s  %s to %s\n", body->body, body->name, body->designation,
		    from, until);
		for (size_t j = 0; j < body->profiles_count; j++)
			say("         may certify %s\n", body->profiles[j]);
		for (size_t j = 0; j < body->methods_count; j++)
			say("         by method %s\n", body->methods[j]);
		for (size_t j = 0; j < body->restrictions_count; j++) {
			day_of(body->restrictions[j].from, from);
			say("         %s (%s) from %s: %s\n", body->restrictions[j].measure,
			    body->restrictions[j].effect, from, body->restrictions[j].reason);
		}
	}
}

static enum status
run_show(struct invocation *invocation)
{
	struct option_list operands;
	struct trust trust;
	char fingerprint[DIGEST_HEX_SIZE], issued[32], next[32];

	TRY(options_parse(invocation, NULL, 0, 1, 1, &operands));
	TRY(office_read_trust(invocation->job, operands.values[0], &trust));
	digest_to_hex(&trust.root.fingerprint, fingerprint);
	day_of(trust.issued, issued);
	day_of(trust.next_update, next);
	say("list     %lld of %s, of use until %s\nroot     %s  %s\n", (long long)trust.sequence,
	    issued, next, fingerprint, trust.authority);
	for (size_t i = 0; i < trust.profiles_count; i++)
		say("profile  %s  %s  %s\n", trust.profiles[i].profile, trust.profiles[i].state,
		    trust.profiles[i].regulation);
	show_bodies(&trust);
	for (size_t i = 0; i < trust.people_count; i++)
		say("person   %s  %s  %s\n", trust.people[i].name, trust.people[i].role,
		    trust.people[i].body == NULL ? "any body" : trust.people[i].body);
	return STATUS_OK;
}

static const struct subcommand subcommands[] = {
    {"init", run_init},
    {"approve", run_approve},
    {"request", run_request},
    {"designate", run_designate},
    {"enrol", run_enrol},
    {"suspend", run_suspend},
    {"withdraw", run_withdraw},
    {"renew", run_renew},
    {"show", run_show},
};

static enum status
run(struct invocation *invocation)
{
	return subcommand_run(invocation, subcommands, ARRAY_SIZE(subcommands));
}

const struct command command_authority = {
    .name = "authority",
    .summary = "The national authority: its root, approved profiles, bodies and people.",
    .usage =
	"authority init DIR [--name NAME]\n"
	"       hopquy authority approve DIR PROFILE\n"
	"       hopquy authority request --key K -o CSR [--name NAME]\n"
	"       hopquy authority designate DIR --body NAME (--request CSR | --cert PEM)\n"
	"              --scope P,… --methods M,… [--from D] [--until D] [--decision N] [-o PEM]\n"
	"       hopquy authority enrol DIR --person NAME --role tester|reviewer|decision\n"
	"              --request CSR [--body BODY] [-o PEM]\n"
	"       hopquy authority suspend|withdraw DIR BODY --effect future|review|all\n"
	"              [--from D] [--reason TEXT]\n"
	"       hopquy authority renew DIR\n"
	"       hopquy authority show DIR",
    .run = run,
};
