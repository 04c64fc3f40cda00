/* A name's digest in the clear is worth nothing to a listener only while no unit takes it twice. */
#include <string.h>

#include "base/arena.h"
#include "base/xml.h"
#include "device/findings.h"
#include "device/onvif_client.h"
#include "device/onvif_facts.h"
#include "device/probe.h"

#define PROFILES_MAX 4

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
	const struct finding finding = {
	    talk->job, talk->evidence, "onvif", login->port, talk->answer->http.exchange};

	return finding_resource(&finding, "UsernameToken replay", "configure", !taken,
	    taken ? "the same nonce and time were taken twice"
		  : "the same nonce and time were refused the second time");
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

/* ---- what is told to who is let in ---- */

/* One operation of the media service; *let_in is false when the credential is refused. */
static enum status
ask_as(struct replay_talk *talk, struct ask *ask, const struct login *login,
    const struct onvif_place *place, const struct credential *credential,
    const struct onvif_operation *operation, bool *let_in)
{
	TRY(onvif_call_as(ask, place, operation, login->scheme, credential->user,
	    credential->password, talk->answer));
	*let_in = talk->answer->result != ONVIF_REFUSED;
	return STATUS_OK;
}

/* Where the streams are: the probe of what they carry goes there. */
static enum status
learn_streams(struct replay_talk *talk, struct ask *ask, const struct login *login,
    const struct onvif_place *place, const struct credential *credential)
{
	const char *tokens[PROFILES_MAX], *name, *url;
	struct onvif_operation operation = {
	    .service = ONVIF_MEDIA, .name = "GetStreamUri", .access_class = "READ_MEDIA"};
	struct ask_place stream;
	size_t count;
	bool let_in = true;

	TRY(onvif_read_profiles(talk->job, talk->answer, tokens, PROFILES_MAX, &count));
	for (size_t i = 0; i < count && let_in; i++) {
		name = xml_escape(talk->job, tokens[i]);
		operation.body = name == NULL ? NULL : onvif_stream_body(talk->job, name);
		if (operation.body == NULL)
			return STATUS_LIMIT;
		TRY(ask_as(talk, ask, login, place, credential, &operation, &let_in));
		if (talk->answer->result != ONVIF_ANSWERED)
			continue;
		url = markup_text_of(
		    talk->job, &talk->answer->soap.markup, talk->answer->soap.body, "Uri", 600);
		if (url != NULL && ask_read_url(talk->job, talk->target, url, &stream) &&
		    strncmp(stream.scheme, "rtsp", 4) == 0)
			target_add_stream(talk->target, stream.port, stream.path);
	}
	return STATUS_OK;
}

static enum status
add_sound(struct replay_talk *talk, const struct login *login)
{
	const struct finding finding = {
	    talk->job, talk->evidence, "onvif", login->port, talk->answer->http.exchange};
	const struct soap_answer *soap = &talk->answer->soap;
	size_t source = MARKUP_NONE;
	const char *words;
	unsigned count = 0;

	while ((source = markup_find(&soap->markup, soap->body, "AudioSources", source)) !=
	       MARKUP_NONE)
		count++;
	words = arena_printf(talk->job, "READ_MEDIA: %u", count);
	return words == NULL ? STATUS_LIMIT
			     : finding_resource(&finding, "GetAudioSources", "read", 1, words);
}

/* The place of the media service, at the same port; that of the device service where it is not
 * told. */
static enum status
find_media(struct replay_talk *talk, struct ask *ask, struct onvif_place *place)
{
	const char *url;
	struct ask_place found;

	TRY(onvif_call(ask, place, onvif_operation_named("GetCapabilities"), NULL, talk->answer));
	url = talk->answer->result == ONVIF_ANSWERED ? onvif_media_url(talk->job, talk->answer)
						     : NULL;
	if (url != NULL && ask_read_url(talk->job, talk->target, url, &found) &&
	    found.port == place->port)
		place->path = found.path;
	return STATUS_OK;
}

/* *let_in is false when this credential opens nothing here. */
static enum status
look_around(struct replay_talk *talk, struct ask *ask, const struct login *login,
    const struct credential *credential, bool *let_in)
{
	struct onvif_place place = {.port = login->port, .tls = login->tls, .path = login->path};

	TRY(find_media(talk, ask, &place));
	TRY(ask_as(talk, ask, login, &place, credential, onvif_operation_named("GetAudioSources"),
	    let_in));
	if (!*let_in)
		return STATUS_OK;
	if (talk->answer->result == ONVIF_ANSWERED)
		TRY(add_sound(talk, login));
	TRY(ask_as(
	    talk, ask, login, &place, credential, onvif_operation_named("GetProfiles"), let_in));
	return *let_in && talk->answer->result == ONVIF_ANSWERED
		   ? learn_streams(talk, ask, login, &place, credential)
		   : STATUS_OK;
}

static enum status
visit(struct replay_talk *talk, const struct login *login)
{
	bool tried = false, let_in = false;
	struct ask ask;

	TRY(ask_begin(talk->job, talk->target, login->port, login->tls, &ask));
	for (size_t i = 0; i < talk->target->credential_count && !tried && !let_in; i++) {
		const struct credential *credential = &talk->target->credentials[i];
		enum status status;

		if (credential->protocol != NULL && strcmp(credential->protocol, "onvif") != 0)
			continue;
		status = look_around(talk, &ask, login, credential, &let_in);
		if (status == STATUS_OK && let_in)
			status = replay(talk, &ask, login, credential, &tried);
		ask_end(&ask);
		if (fault_is_ours(status))
			return status;
		if (status != STATUS_OK)
			outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
	}
	/* A service that lets in by HTTP's digest alone takes no token, once or twice. */
	if (!let_in || (!tried && strcmp(login->scheme, "ws-username-token") == 0))
		outcome_lack(talk->job, &talk->outcome,
		    "port %u: no credential that is known opens ONVIF", login->port);
	return STATUS_OK;
}

static enum status
talk_replays(struct job *job, struct target *target, struct evidence *evidence)
{
	struct replay_talk talk = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target_services_lack(target),
		.required = UNKNOWN,
		.tried = UNKNOWN},
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
    .title = "Whether an ONVIF log-in that was overheard works again, and what it opens",
    .source = "OASIS WS-Security UsernameToken profile 1.1, section 3.1",
    .looks_for = {"resource"},
    .needs = "ports,onvif",
    .intrusion = INTRUSION_LOGIN,
    .limit_ms = 60 * 1000,
    .talk = talk_replays,
};
