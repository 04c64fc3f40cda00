/* ONVIF refuses by operation, in words of its own: what an administrator may and a user may not is
 * written down in its default access policy. */
#include <string.h>

#include "base/arena.h"
#include "device/access.h"
#include "device/onvif_client.h"

static const struct {
	const char *operation;
	const char *access;
} functions[] = {{"GetDeviceInformation", "read"}, {"GetNetworkInterfaces", "read"},
    /* READ_SYSTEM_SECRET: administrators alone */
    {"GetUsers", "configure"}};

struct round {
	struct access *access;
	struct onvif_place place;
	struct onvif_answer *answer;
	bool low_is_there;
};

/* A connection a role: some services remember who asked before. */
static enum status
ask_as(struct round *round, const struct onvif_operation *operation, const char *user,
    const char *password)
{
	const struct access *access = round->access;
	struct ask ask;
	enum status status;

	TRY(ask_begin(access->job, access->target, round->place.port, round->place.tls, &ask));
	status = user == NULL ? onvif_call(&ask, &round->place, operation, NULL, round->answer)
			      : onvif_call_as(&ask, &round->place, operation, access->login->scheme,
				    user, password, round->answer);
	ask_end(&ask);
	return status;
}

/* A pair whose role nobody told may be of low rights: that it is refused says nothing. */
static int64_t
allowed_of(const struct round *round, enum access_role role)
{
	const char *told = round->access->right->role;

	if (round->answer->result == ONVIF_ANSWERED)
		return 1;
	if (round->answer->result != ONVIF_REFUSED)
		return UNKNOWN;
	return role != ACCESS_RIGHT || (told != NULL && strcmp(told, "owner") == 0) ? 0 : UNKNOWN;
}

/* *is_there is false where the service has no such operation. */
static enum status
try_role(struct round *round, size_t function, enum access_role role, const char *user,
    const char *password, bool *is_there)
{
	struct access *access = round->access;
	const struct onvif_operation *operation =
	    onvif_operation_named(functions[function].operation);
	enum status status = ask_as(round, operation, user, password);
	int64_t allowed;

	*is_there = false;
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK) {
		outcome_lack(access->job, &access->trials, "%s", access->job->reason);
		return STATUS_OK;
	}
	if (role == ACCESS_RIGHT && round->answer->result == ONVIF_OTHERWISE)
		return STATUS_OK;
	*is_there = true;
	allowed = allowed_of(round, role);
	if (allowed == UNKNOWN)
		outcome_lack(access->job, &access->trials,
		    "port %u: %s: what its answer means is not known", access->login->port,
		    operation->name);
	return access_add_trial(access, role, operation->name, functions[function].access, allowed,
	    round->answer->reason == NULL ? "answered" : round->answer->reason,
	    round->answer->http.exchange);
}

static enum status
try_function(struct round *round, size_t function)
{
	const struct access *access = round->access;
	bool is_there, ignored;

	TRY(try_role(round, function, ACCESS_RIGHT, access->right->user, access->right->password,
	    &is_there));
	if (!is_there)
		return STATUS_OK;
	TRY(try_role(round, function, ACCESS_NONE, NULL, NULL, &ignored));
	if (round->low_is_there)
		TRY(try_role(round, function, ACCESS_LOW, access->low->user, access->low->password,
		    &ignored));
	return try_role(
	    round, function, ACCESS_WRONG, access->wrong.user, access->wrong.password, &ignored);
}

enum status
access_try_onvif(struct access *access)
{
	const struct login *login = access->login;
	struct round round = {.access = access,
	    .place = {.port = login->port, .tls = login->tls, .path = login->path},
	    .answer = arena_allocate(access->job, sizeof *round.answer)};
	struct login_result result;
	enum status status;

	if (round.answer == NULL)
		return STATUS_LIMIT;
	if (access->low != NULL) {
		status = login_try(access->job, access->target, login, access->low->user,
		    access->low->password, access->control, &result);
		if (fault_is_ours(status))
			return status;
		round.low_is_there = status == STATUS_OK && result.answer == LOGIN_ACCEPTED;
		if (!round.low_is_there)
			outcome_lack(access->job, &access->trials,
			    "port %u: the user of low rights is not let in", login->port);
	}
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++)
		TRY(try_function(&round, i));
	return STATUS_OK;
}
