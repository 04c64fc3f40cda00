/* Nobody, a stranger, a user and the owner ask for the same things: a log-in is worth what it keeps
 * from the first three. */
#include "device/access.h"

#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "device/http_login.h"
#include "device/probe.h"

/* Protocols with functions that can be asked for behind a log-in. */
static const struct {
	const char *protocol;
	enum status (*ask)(struct access *access);
} ways[] = {{"http", access_try_web}, {"https", access_try_web}, {"onvif", access_try_onvif}};

enum status
access_add_trial(struct access *access, enum access_role role, const char *function,
    const char *kind, int64_t allowed, const char *detail, int64_t exchange)
{
	static const char *const roles[] = {"none", "wrong", "low", "right"};
	struct fact fact = fact_new(FACT_access_trial);

	fact.port = access->login->port;
	fact.exchange = exchange;
	fact.as.access_trial.protocol = access->login->protocol;
	fact.as.access_trial.role = roles[role];
	fact.as.access_trial.function = function;
	fact.as.access_trial.access = kind;
	fact.as.access_trial.allowed = allowed;
	fact.as.access_trial.detail = detail;
	access->trials.count++;
	return evidence_add(access->evidence, access->job, &fact);
}

/* The laboratory's own pair of a user with fewer rights, for a protocol, or for any; NULL. */
static const struct credential *
find_low(const struct target *target, const char *protocol)
{
	const struct credential *any = NULL;

	for (size_t i = 0; i < target->credential_count; i++) {
		const struct credential *one = &target->credentials[i];

		if (one->role == NULL || strcmp(one->role, "user") != 0)
			continue;
		if (one->protocol != NULL && strcmp(one->protocol, protocol) == 0)
			return one;
		if (one->protocol == NULL && any == NULL)
			any = one;
	}
	return any;
}

static enum status
make_wrong(struct access *access)
{
	uint8_t random[16];
	const char *name;

	TRY(target_random(access->job, access->target, random, sizeof random));
	name = hex_of_bytes(access->job, (struct span){random, sizeof random});
	if (name == NULL)
		return STATUS_LIMIT;
	access->wrong.user = arena_printf(access->job, "u%.8s", name);
	access->wrong.password = name + 16;
	return access->wrong.user == NULL ? STATUS_LIMIT : STATUS_OK;
}

static int64_t
allowed_of(const struct login_result *result)
{
	return result->answer == LOGIN_UNSURE ? UNKNOWN : result->answer == LOGIN_ACCEPTED;
}

/* A shell or a configuration lies behind what is no web page. */
static const char *
kind_of(const struct login *login)
{
	bool shell = strcmp(login->protocol, "ssh") == 0 || strcmp(login->protocol, "telnet") == 0;

	return shell ? "configure" : "read";
}

/* Tries one pair; *carried_out is false where the log-in gave no answer, which is then said. */
static enum status
try_pair(struct access *access, const char *user, const char *password,
    const struct login_result *control, struct login_result *result, bool *carried_out)
{
	enum status status =
	    login_try(access->job, access->target, access->login, user, password, control, result);

	if (access->right != NULL && strcmp(user, access->right->user) == 0)
		(void)login_note_lock(access->target, user, result);
	*carried_out = status == STATUS_OK;
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK)
		outcome_lack(access->job, &access->trials, "%s", access->job->reason);
	return STATUS_OK;
}

/* ---- one log-in ---- */

/* Why nobody can be asked for here; NULL. */
static const char *
lack_of(struct access *access)
{
	const struct login *login = access->login;

	if (!login->recognised)
		return arena_printf(access->job,
		    "port %u: a %s log-in nobody here knows how to try", login->port,
		    login->protocol);
	if (access->right == NULL)
		return arena_printf(access->job, "port %u: nobody told what opens %s", login->port,
		    login->protocol);
	if (target_is_locked(access->target, access->right->user))
		return arena_printf(access->job,
		    "port %u: the unit said that it locks %s: left alone", login->port,
		    access->right->user);
	return NULL;
}

/* A user that cannot exist: whoever the owner is. */
static enum status
try_wrong(struct access *access, struct login_result *control, bool *open)
{
	const char *function = access->login->path != NULL ? access->login->path : "log-in";
	const char *kind = kind_of(access->login);
	int64_t began = target_now(access->target);

	TRY(try_pair(access, access->wrong.user, access->wrong.password, NULL, control, open));
	access->control_ms = target_now(access->target) - began;
	if (!*open)
		return STATUS_OK;
	TRY(access_add_trial(
	    access, ACCESS_WRONG, function, kind, allowed_of(control), NULL, control->exchange));
	access->control = control;
	*open = control->answer == LOGIN_REFUSED;
	if (!*open)
		outcome_lack(access->job, &access->trials,
		    "port %u: a refusal cannot be told from a log-in", access->login->port);
	return STATUS_OK;
}

/* Then the owner. */
static enum status
try_right(struct access *access, const struct login_result *control, bool *open)
{
	const char *function = access->login->path != NULL ? access->login->path : "log-in";
	const char *kind = kind_of(access->login);
	struct login_result result;

	TRY(try_pair(access, access->right->user, access->right->password, control, &result, open));
	if (!*open)
		return STATUS_OK;
	*open = result.answer == LOGIN_ACCEPTED;
	/* That a stranger is refused like the owner says nothing. */
	if (!*open)
		outcome_lack(access->job, &access->trials,
		    "port %u: the log-in did not open to its owner: refusals there say nothing",
		    access->login->port);
	return access_add_trial(
	    access, ACCESS_RIGHT, function, kind, allowed_of(&result), NULL, result.exchange);
}

static enum status
ask_at(struct access *access, const struct login *login)
{
	struct login_result *control = arena_allocate(access->job, sizeof *control);
	const char *before, *lack;
	bool open;

	if (control == NULL)
		return STATUS_LIMIT;
	access->login = login;
	access->control = NULL;
	access->right = target_owner(access->target, login->protocol);
	access->low = find_low(access->target, login->protocol);
	TRY(make_wrong(access));
	before = access->trials.lack;
	open = false;
	if (login->recognised)
		TRY(try_wrong(access, control, &open));
	lack = lack_of(access);
	if (lack != NULL) {
		outcome_lack(access->job, &access->trials, "%s", lack);
		outcome_lack(access->job, &access->told, "%s", lack);
		return STATUS_OK;
	}
	if (open)
		TRY(try_right(access, control, &open));
	for (size_t i = 0; i < ARRAY_SIZE(ways) && open; i++)
		if (strcmp(ways[i].protocol, login->protocol) == 0 &&
		    (http_can_sign_in(login) || strcmp(login->protocol, "onvif") == 0))
			TRY(ways[i].ask(access));
	if (login->interface != NULL && !http_can_sign_in(login))
		outcome_lack(access->job, &access->trials,
		    "port %u: what %s gives to whom is seen by hand", login->port,
		    login->interface);
	if (open)
		return access_compare_users(access);
	outcome_lack(access->job, &access->told, "%s",
	    before == access->trials.lack || access->trials.lack == NULL
		? "a log-in did not open to its owner"
		: access->trials.lack);
	return STATUS_OK;
}

static enum status
talk(struct job *job, struct target *target, struct evidence *evidence)
{
	struct access access = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .trials = {.required = UNKNOWN, .tried = UNKNOWN},
	    .told = {.required = UNKNOWN, .tried = UNKNOWN}};

	TRY(probe_note_strangers(job, target));
	access.trials.lack = access.told.lack =
	    target->services_lack != NULL ? target->services_lack : target->logins_lack;
	for (size_t i = 0; i < target->login_count; i++) {
		if (target_time_is_up(target)) {
			outcome_lack(job, &access.trials, "time is up after %zu log-ins", i);
			outcome_lack(job, &access.told, "time is up after %zu log-ins", i);
			break;
		}
		TRY(ask_at(&access, &target->logins[i]));
	}
	if (target->login_count == 0)
		access.trials.note = access.told.note = "there is no log-in";
	TRY(outcome_look(job, &access.trials, evidence, FACT_access_trial));
	TRY(outcome_look(job, &access.trials, evidence, FACT_session_cookie));
	return outcome_look(job, &access.told, evidence, FACT_disclosure);
}

const struct probe probe_access = {
    .name = "access",
    .title = "What nobody, a stranger, a user and the owner are allowed",
    .source = "TS 103 701 test cases 5.5-4-2, 5.5-5-2 and 5.6-2-2",
    .looks_for = {"access_trial", "disclosure", "session_cookie"},
    .needs = "ports,ssh,http,telnet,rtsp,onvif,default_passwords",
    .intrusion = INTRUSION_LOGIN,
    .limit_ms = 5 * 60 * 1000,
    .talk = talk,
};
