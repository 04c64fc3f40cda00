/* The control pair finds an operation that a stranger is refused; every other pair is tried on that
 * one. */
#include <string.h>

#include "base/arena.h"
#include "device/login.h"
#include "device/onvif_client.h"

static const char *const candidates[] = {
    "GetDeviceInformation", "GetNetworkInterfaces", "GetProfiles", "GetScopes", "GetUsers"};

/* The first operation that is refused to a stranger, with the refusal in *answer. */
static enum status
find_guarded(struct ask *ask, const struct onvif_place *place, const char *known,
    struct onvif_answer *answer, const struct onvif_operation **guarded)
{
	for (size_t i = 0; i < ARRAY_SIZE(candidates); i++) {
		const struct onvif_operation *operation =
		    onvif_operation_named(known != NULL ? known : candidates[i]);

		TRY(onvif_call(ask, place, operation, NULL, answer));
		*guarded = operation;
		if (answer->result == ONVIF_REFUSED)
			return STATUS_OK;
		if (known != NULL)
			break;
	}
	return fail(ask->job, STATUS_UNDECIDED, "port %u: onvif refuses a stranger no operation",
	    place->port);
}

static enum status
make_authorization(struct ask *ask, const struct login *login, const struct onvif_answer *refusal,
    const char *user, const char *password, struct onvif_who *who)
{
	struct http_challenge *challenges =
	    arena_array(ask->job, HTTP_CHALLENGES_MAX, sizeof *challenges);
	size_t count;

	if (challenges == NULL)
		return STATUS_LIMIT;
	TRY(http_read_challenges(ask->job, &refusal->http, challenges, &count));
	for (size_t i = 0; i < count; i++)
		if (strcmp(challenges[i].scheme, login->scheme) == 0 &&
		    http_can_answer(&challenges[i]))
			return http_answer(ask->job, ask->target, &challenges[i], "POST",
			    login->path, user, password, &who->authorization);
	return fail(ask->job, STATUS_UNDECIDED, "port %u: no %s challenge any more", login->port,
	    login->scheme);
}

static enum status
make_token(struct ask *ask, const struct onvif_place *place, struct onvif_answer *answer,
    const char *user, const char *password, struct onvif_who *who)
{
	const char *created;

	TRY(onvif_clock(ask, place, answer, &created));
	return soap_username_token(ask->job, ask->target, user, password, created, &who->token);
}

static enum status
try_pair(struct ask *ask, const struct login *login, const char *user, const char *password,
    const struct login_result *control, struct login_result *result)
{
	struct onvif_place place = {.port = login->port, .tls = login->tls, .path = login->path};
	struct onvif_answer *answer = arena_allocate(ask->job, sizeof *answer);
	const struct onvif_operation *operation;
	struct onvif_who who = {0};

	if (answer == NULL)
		return STATUS_LIMIT;
	TRY(find_guarded(ask, &place, control == NULL ? NULL : control->trace, answer, &operation));
	if (strcmp(login->scheme, "ws-username-token") == 0)
		TRY(make_token(ask, &place, answer, user, password, &who));
	else
		TRY(make_authorization(ask, login, answer, user, password, &who));
	TRY(onvif_call(ask, &place, operation, &who, answer));
	result->exchange = answer->http.exchange;
	result->trace = operation->name;
	result->answer = answer->result == ONVIF_ANSWERED  ? LOGIN_ACCEPTED
			 : answer->result == ONVIF_REFUSED ? LOGIN_REFUSED
							   : LOGIN_UNSURE;
	if (result->answer == LOGIN_REFUSED)
		login_refuse(result,
		    answer->is_soap && answer->soap.is_fault ? answer->soap.reason : "HTTP 401");
	return STATUS_OK;
}

enum status
login_try_onvif(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct ask ask;
	enum status status;

	TRY(ask_begin(job, target, login->port, login->tls, &ask));
	status = try_pair(&ask, login, user, password, control, result);
	ask_end(&ask);
	return status;
}
