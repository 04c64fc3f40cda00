/* Most streams are described only to who is let in: whether they travel encrypted, and with sound,
 * shows then; and whether the log-in that opens the description opens the stream. */
#include <string.h>

#include "base/arena.h"
#include "device/findings.h"
#include "device/probe.h"
#include "device/rtsp_play.h"

#define PLAYED_MAX 2 /* streams of one service: each takes some seconds */

static const char *const usual_paths[] = {
#define RTSP_PATH(path) path,
#include "device/rtsp_paths.def"
#undef RTSP_PATH
};

struct described_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	const struct login *login;
	const struct credential *credential;
	struct rtsp rtsp;
	struct http_response *response;
	unsigned found;
	unsigned played;
	bool let_in;
};

/* Plays it over a connection of its own: some units serve one at a time. */
static enum status
play(struct described_talk *talk, const char *path, const struct sdp *sdp,
    struct rtsp_played *played)
{
	const struct service service = {
	    .port = talk->login->port, .tls = talk->login->tls, .name = "rtsp"};
	const struct rtsp_who who = {
	    talk->login->scheme, talk->credential->user, talk->credential->password};
	const char *uri = rtsp_uri(&talk->rtsp, path);
	struct rtsp_track track;

	if (uri == NULL)
		return STATUS_LIMIT;
	if (!rtsp_find_track(talk->job, talk->target, talk->response, sdp, uri, &track))
		return STATUS_OK;
	rtsp_end(&talk->rtsp);
	return rtsp_play(talk->job, talk->target, &service, &track, &who, talk->response, played);
}

static enum status
add_stream(struct described_talk *talk, const char *path, const struct sdp *sdp)
{
	const struct finding finding = {
	    talk->job, talk->evidence, "rtsp", talk->login->port, talk->response->exchange};
	const char *words = sdp_words(talk->job, sdp);
	struct rtsp_played played = {.result = RTSP_FAILED};

	talk->found++;
	if (words == NULL)
		return STATUS_LIMIT;
	if (talk->played++ < PLAYED_MAX) {
		TRY(play(talk, path, sdp, &played));
		words = rtsp_played_words(talk->job, words, &played);
	}
	return finding_resource(&finding, path, "stream", 1, words);
}

/* *on is false when this credential is refused: it is not tried again. */
static enum status
describe(struct described_talk *talk, const char *path, bool *on)
{
	struct sdp sdp;
	bool asked, found = false;

	TRY(rtsp_describe_as(&talk->rtsp, path, talk->login->scheme, talk->credential->user,
	    talk->credential->password, &asked, talk->response));
	*on = !asked || talk->response->status != 401;
	talk->let_in = talk->let_in || (asked && *on);
	/* What a stranger is described is told by the probe that asks as one. */
	if (!asked || talk->response->status != 200)
		return STATUS_OK;
	TRY(sdp_read(talk->job, talk->response->body, &sdp, &found));
	return found ? add_stream(talk, path, &sdp) : STATUS_OK;
}

/* The path of the log-in, those the unit told, then the usual ones until enough are described. */
static enum status
describe_all(struct described_talk *talk)
{
	const struct target *target = talk->target;
	bool on;

	TRY(describe(talk, talk->login->path, &on));
	for (size_t i = 0; on && i < target->stream_count; i++)
		if (target->streams[i].port == talk->login->port &&
		    strcmp(target->streams[i].path, talk->login->path) != 0)
			TRY(describe(talk, target->streams[i].path, &on));
	for (size_t i = 0; on && talk->found == 0 && i < ARRAY_SIZE(usual_paths); i++)
		TRY(describe(talk, usual_paths[i], &on));
	return STATUS_OK;
}

static enum status
visit(struct described_talk *talk)
{
	struct service service = {
	    .port = talk->login->port, .tls = talk->login->tls, .name = "rtsp"};

	talk->found = talk->played = 0;
	talk->let_in = false;
	for (size_t i = 0; i < talk->target->credential_count && !talk->let_in; i++) {
		enum status status;

		talk->credential = &talk->target->credentials[i];
		if (talk->credential->protocol != NULL &&
		    strcmp(talk->credential->protocol, "rtsp") != 0)
			continue;
		TRY(rtsp_begin(talk->job, talk->target, &service, &talk->rtsp));
		status = describe_all(talk);
		rtsp_end(&talk->rtsp);
		if (fault_is_ours(status))
			return status;
		if (status != STATUS_OK)
			outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
	}
	if (talk->found == 0)
		outcome_lack(talk->job, &talk->outcome,
		    talk->let_in ? "port %u: no usual path leads to a stream"
				 : "port %u: no credential that is known opens RTSP",
		    talk->login->port);
	return STATUS_OK;
}

static enum status
talk_described(struct job *job, struct target *target, struct evidence *evidence)
{
	struct described_talk talk = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target_services_lack(target),
		.required = UNKNOWN,
		.tried = UNKNOWN},
	    .response = arena_allocate(job, sizeof *talk.response)};

	if (talk.response == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < target->login_count; i++) {
		talk.login = &target->logins[i];
		if (strcmp(talk.login->protocol, "rtsp") == 0 && talk.login->recognised)
			TRY(visit(&talk));
	}
	return outcome_look(job, &talk.outcome, evidence, FACT_resource);
}

const struct probe probe_rtsp_login = {
    .name = "rtsp_login",
    .title = "What the streams behind a log-in carry, whether they come, and whether encrypted",
    .source = "RFC 2326, RFC 3550, RFC 8866, RFC 3711",
    .looks_for = {"resource"},
    .needs = "ports,rtsp",
    .intrusion = INTRUSION_LOGIN,
    .limit_ms = 2 * 60 * 1000,
    .talk = talk_described,
};
