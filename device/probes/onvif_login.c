/* A name's digest in the clear is worth nothing to a listener only while no unit takes it twice. */
#include <string.h>

#include "base/arena.h"
#include "device/onvif_client.h"
#include "device/probe.h"

struct replay_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	struct onvif_answer *answer;
};

static enum status
add_replay(struct replay_talk *talk, const struct login *login, bool taken)
{
	struct fact fact = fact_new(FACT_resource);

	fact.port = login->port;
	fact.exchange = talk->answer->http.exchange;
	fact.as.resource.protocol = "onvif";
	fact.as.resource.name = "UsernameToken replay";
	fact.as.resource.access = "configure";
	fact.as.resource.needs_login = !taken;
	fact.as.resource.detail = taken ? "the same nonce and time were taken twice"
					: "the same nonce and time were refused the second time";
	return evidence_add(talk->evidence, talk->job, &fact);
}

/* Asks the same question with the same token, each time over a connection of its own. */
static enum status
ask_with(
    struct replay_talk *talk, struct ask *ask, const struct onvif_place *place, const char *token)
{
	struct onvif_who who = {.token = token};

	ask_end(ask);
	return onvif_call(
	    ask, place, onvif_operation_named("GetDeviceInformation"), &who, talk->answer);
}

/* *tried is false when this credential does not open the service. */
static enum status
replay(struct replay_talk *talk, struct ask *ask, const struct login *login,
    const struct credential *credential, bool *tried)
{
	struct onvif_place place = {.port = login->port, .tls = login->tls, .path = login->path};
	const char *created, *token;

	*tried = false;
	TRY(onvif_call(
	    ask, &place, onvif_operation_named("GetDeviceInformation"), NULL, talk->answer));
	/* What answers anybody says nothing about tokens. */
	if (talk->answer->result != ONVIF_REFUSED)
		return STATUS_OK;
	TRY(onvif_clock(ask, &place, talk->answer, &created));
	TRY(soap_username_token(
	    talk->job, talk->target, credential->user, credential->password, created, &token));
	TRY(ask_with(talk, ask, &place, token));
	if (talk->answer->result != ONVIF_ANSWERED)
		return STATUS_OK;
	TRY(ask_with(talk, ask, &place, token));
	if (talk->answer->result == ONVIF_OTHERWISE)
		return STATUS_OK;
	*tried = true;
	return add_replay(talk, login, talk->answer->result == ONVIF_ANSWERED);
}

static enum status
visit(struct replay_talk *talk, const struct login *login)
{
	bool tried = false;
	struct ask ask;

	TRY(ask_begin(talk->job, talk->target, login->port, login->tls, &ask));
	for (size_t i = 0; i < talk->target->credential_count && !tried; i++) {
		const struct credential *credential = &talk->target->credentials[i];
		enum status status;

		if (credential->protocol != NULL && strcmp(credential->protocol, "onvif") != 0)
			continue;
		status = replay(talk, &ask, login, credential, &tried);
		ask_end(&ask);
		if (ask_is_ours(status))
			return status;
		if (status != STATUS_OK)
			outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
	}
	if (!tried)
		outcome_lack(talk->job, &talk->outcome,
		    "port %u: no credential that is known opens ONVIF by a token", login->port);
	return STATUS_OK;
}

static enum status
talk_replays(struct job *job, struct target *target, struct evidence *evidence)
{
	struct replay_talk talk = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target->services_lack, .required = UNKNOWN, .tried = UNKNOWN},
	    .answer = arena_allocate(job, sizeof *talk.answer)};

	if (talk.answer == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < target->login_count; i++) {
		const struct login *login = &target->logins[i];

		if (strcmp(login->protocol, "onvif") == 0)
			TRY(visit(&talk, login));
	}
	return outcome_look(job, &talk.outcome, evidence, FACT_resource);
}

const struct probe probe_onvif_login = {
    .name = "onvif_login",
    .title = "Whether an ONVIF log-in that was overheard works again",
    .source = "OASIS WS-Security UsernameToken profile 1.1, section 3.1",
    .looks_for = {"resource"},
    .needs = "ports,onvif",
    .intrusion = INTRUSION_LOGIN,
    .limit_ms = 60 * 1000,
    .talk = talk_replays,
};
