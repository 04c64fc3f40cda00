/* A camera may guard the path its papers name and leave another one open: every usual one is asked
 * for, and one that cannot exist.  What is described to a stranger is played, too: some guard only
 * the description, others only what comes after it. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "device/findings.h"
#include "device/probe.h"
#include "device/rtsp_play.h"

#define LOGINS_MAX 8
#define FAILURES_MAX 3
#define PLAYED_MAX 4  /* streams of one service: each takes some seconds */
#define GUARDED_MAX 2 /* streams asked for without a description */

static const char *const usual_paths[] = {
#define RTSP_PATH(path) path,
#include "device/rtsp_paths.def"
#undef RTSP_PATH
};

struct seen_login {
	const char *scheme;
	const char *realm;
	const struct login *login;
};

struct stream_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	const struct service *service;
	struct rtsp rtsp;
	struct http_response *response;
	struct http_challenge *challenges;
	struct seen_login logins[LOGINS_MAX];
	size_t login_count;
	bool all_guarded; /* it asks for a log-in before it looks at the path */
	unsigned failures;
	unsigned found; /* streams, open or guarded */
	unsigned played;
	unsigned undescribed; /* guarded ones that were asked for all the same */
};

static struct finding
found(const struct stream_talk *talk)
{
	return (struct finding){
	    talk->job, talk->evidence, "rtsp", talk->service->port, talk->response->exchange};
}

static enum status
add_disclosure(struct stream_talk *talk, const char *type, const char *value)
{
	const struct finding finding = found(talk);

	if (value == NULL || value[0] == '\0')
		return STATUS_OK;
	return finding_disclosure(&finding, type, value);
}

static enum status
add_stream(struct stream_talk *talk, const char *name, int64_t needs_login, const char *detail)
{
	const struct finding finding = found(talk);

	talk->found++;
	return finding_resource(&finding, name, "stream", needs_login, detail);
}

static enum status
add_login(
    struct stream_talk *talk, const struct http_challenge *challenge, const char *path, bool can)
{
	struct login login = {.port = talk->service->port,
	    .tls = talk->service->tls,
	    .recognised = can,
	    .protocol = "rtsp",
	    .scheme = challenge->scheme,
	    .path = path};
	const char *realm = challenge->realm == NULL ? "" : challenge->realm;
	const struct finding finding = found(talk);

	for (size_t i = 0; i < talk->login_count; i++)
		if (strcmp(talk->logins[i].scheme, challenge->scheme) == 0 &&
		    strcmp(talk->logins[i].realm, realm) == 0) {
			if (can)
				target_add_place(talk->target, talk->logins[i].login, path);
			return STATUS_OK;
		}
	if (talk->login_count == LOGINS_MAX) {
		outcome_lack(talk->job, &talk->outcome, "port %u: more log-ins than are told apart",
		    talk->service->port);
		return STATUS_OK;
	}
	talk->logins[talk->login_count++] = (struct seen_login){.scheme = challenge->scheme,
	    .realm = realm,
	    .login = target_add_login(talk->target, &login)};
	TRY(finding_realm(&finding, challenge->realm));
	return finding_login(&finding, challenge->scheme, login.tls, challenge->realm, can);
}

/* One log-in a scheme and realm; a digest that can be had with two algorithms is one. */
static enum status
add_challenges(struct stream_talk *talk, const char *path, bool can_try)
{
	static const struct http_challenge unknown = {.scheme = "unknown"};
	size_t count;

	TRY(http_read_challenges(talk->job, talk->response, talk->challenges, &count));
	for (size_t i = 0; i < count; i++) {
		bool can = false;

		for (size_t j = 0; j < count; j++)
			can = can || (strcmp(talk->challenges[i].scheme,
					  talk->challenges[j].scheme) == 0 &&
					 http_can_answer(&talk->challenges[j]));
		TRY(add_login(talk, &talk->challenges[i], path, can && can_try));
	}
	return count == 0 ? add_login(talk, &unknown, path, false) : STATUS_OK;
}

/* Plays a track as a stranger, over a connection of its own: some units serve one at a time. */
static enum status
play_track(struct stream_talk *talk, const struct rtsp_track *track, struct rtsp_played *played)
{
	static const struct rtsp_who stranger;

	rtsp_end(&talk->rtsp);
	TRY(rtsp_play(
	    talk->job, talk->target, talk->service, track, &stranger, talk->response, played));
	if (played->exchange != UNKNOWN)
		talk->response->exchange = played->exchange;
	return STATUS_OK;
}

/* What was described to a stranger: does it come as well? */
static enum status
add_described(struct stream_talk *talk, const char *path, const char *name, const struct sdp *sdp)
{
	const char *words = sdp_words(talk->job, sdp), *uri = rtsp_uri(&talk->rtsp, path), *detail;
	struct rtsp_played played = {.result = RTSP_FAILED};
	struct rtsp_track track;
	int64_t needs_login = 0;

	if (words == NULL || uri == NULL)
		return STATUS_LIMIT;
	if (talk->played++ >= PLAYED_MAX)
		return add_stream(talk, name, 0, arena_printf(talk->job, "%s; described", words));
	if (rtsp_find_track(talk->job, talk->target, talk->response, sdp, uri, &track))
		TRY(play_track(talk, &track, &played));
	detail = rtsp_played_words(talk->job, words, &played);
	if (played.result == RTSP_REFUSED)
		needs_login = 1;
	else if (played.result == RTSP_ABSENT || played.result == RTSP_FAILED)
		needs_login = UNKNOWN;
	TRY(add_stream(talk, name, needs_login, detail));
	/* A pair is tried by asking for a description: here nobody can be refused one. */
	return played.status == 401 ? add_challenges(talk, path, false) : STATUS_OK;
}

/* Some guard the description alone: who knows the model knows its tracks. */
static enum status
ask_undescribed(struct stream_talk *talk, const char *path, const char *name)
{
	static const char *const tracks[] = {
	    "trackID=1", "track1", "trackID=0", "stream=0", "streamid=0", "video"};
	const char *uri = rtsp_uri(&talk->rtsp, path);
	bool doubtful = false;

	if (talk->undescribed++ >= GUARDED_MAX)
		return STATUS_OK;
	for (size_t i = 0; i < ARRAY_SIZE(tracks); i++) {
		struct rtsp_track track = {
		    .uri = uri == NULL ? NULL : arena_printf(talk->job, "%s/%s", uri, tracks[i]),
		    .session = uri,
		    .transport = "RTP/AVP"};
		struct rtsp_played played;

		if (track.uri == NULL)
			return STATUS_LIMIT;
		TRY(play_track(talk, &track, &played));
		/* who gives no answer once is not asked five times more */
		if (played.result == RTSP_REFUSED ||
		    (played.result == RTSP_FAILED && played.status == 0))
			return STATUS_OK;
		if (played.result == RTSP_MEDIA)
			return add_stream(
			    talk, name, 0, "RTP/AVP; media came without a description");
		doubtful = doubtful || played.result != RTSP_FAILED;
	}
	if (doubtful)
		outcome_lack(talk->job, &talk->outcome,
		    "port %u: %s is set up for a stranger, and no usual track comes: try it by "
		    "hand",
		    talk->service->port, name);
	return STATUS_OK;
}

/* What the answer to a description of `path` says; `name` is what the stream is called. */
static enum status
judge(struct stream_talk *talk, const char *path, const char *name, bool *open)
{
	const struct http_response *response = talk->response;
	struct sdp sdp;
	bool found = false;

	*open = false;
	if (response->status == 401) {
		if (!talk->all_guarded)
			TRY(add_stream(talk, name, 1, "401"));
		TRY(add_challenges(talk, path, true));
		return talk->all_guarded ? STATUS_OK : ask_undescribed(talk, path, name);
	}
	if (response->status != 200)
		return STATUS_OK;
	TRY(sdp_read(talk->job, response->body, &sdp, &found));
	if (!found) /* it says yes to everything, and shows nothing */
		return STATUS_OK;
	*open = true;
	return add_described(talk, path, name, &sdp);
}

/* A path that fails leaves the others to be asked; a few that fail end it. */
static enum status
visit_path(struct stream_talk *talk, const char *path, const char *name, bool *open)
{
	enum status status = rtsp_describe(&talk->rtsp, path, NULL, talk->response);

	*open = false;
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK) {
		talk->failures++;
		outcome_lack(talk->job, &talk->outcome, "%s", talk->job->reason);
		return STATUS_OK;
	}
	return judge(talk, path, name, open);
}

static enum status
visit_paths(struct stream_talk *talk)
{
	size_t told = talk->target->stream_count;

	for (size_t i = 0; i < told + ARRAY_SIZE(usual_paths) && talk->failures < FAILURES_MAX;
	     i++) {
		const struct stream *stream = i < told ? &talk->target->streams[i] : NULL;
		const char *path = stream != NULL ? stream->path : usual_paths[i - told];
		bool known = stream != NULL && stream->port != talk->service->port, open;

		for (size_t j = 0; j < told && stream == NULL && !known; j++)
			known = talk->target->streams[j].port == talk->service->port &&
				strcmp(talk->target->streams[j].path, path) == 0;
		if (!known)
			TRY(visit_path(talk, path, path, &open));
	}
	return STATUS_OK;
}

static enum status
tell_server(struct stream_talk *talk)
{
	size_t from = 0;
	const char *server = http_header(talk->response, "Server", &from);

	if (server == NULL)
		return STATUS_OK;
	return add_disclosure(
	    talk, strpbrk(server, "0123456789") != NULL ? "version" : "banner", server);
}

/* The path for log-ins of a server that asks for one everywhere: one that was told, where one was.
 */
static const char *
likely_path(const struct stream_talk *talk)
{
	for (size_t i = 0; i < talk->target->stream_count; i++)
		if (talk->target->streams[i].port == talk->service->port)
			return talk->target->streams[i].path;
	return "/";
}

static enum status
visit(struct stream_talk *talk)
{
	uint8_t random[6];
	const char *nowhere;
	bool open, guarded;

	talk->login_count = talk->failures = talk->found = talk->played = talk->undescribed = 0;
	talk->all_guarded = false;
	TRY(rtsp_request(
	    &talk->rtsp, "OPTIONS", rtsp_uri(&talk->rtsp, "/"), "", false, talk->response));
	TRY(tell_server(talk));
	TRY(target_random(talk->job, talk->target, random, sizeof random));
	nowhere = arena_printf(
	    talk->job, "/%s", hex_of_bytes(talk->job, (struct span){random, sizeof random}));
	if (nowhere == NULL)
		return STATUS_LIMIT;
	TRY(rtsp_describe(&talk->rtsp, nowhere, NULL, talk->response));
	guarded = talk->response->status == 401;
	TRY(judge(talk, likely_path(talk), "any path", &open));
	/* One stream whatever the path: sixty names for it say nothing more. */
	if (open)
		return STATUS_OK;
	talk->all_guarded = guarded;
	TRY(visit_paths(talk));
	if (talk->found == 0)
		outcome_lack(talk->job, &talk->outcome,
		    "port %u: no usual path leads to a stream: look for it by hand",
		    talk->service->port);
	return STATUS_OK;
}

static enum status
talk_rtsp(struct job *job, struct target *target, struct evidence *evidence)
{
	struct stream_talk *talk = arena_allocate(job, sizeof *talk);

	if (talk == NULL)
		return STATUS_LIMIT;
	*talk = (struct stream_talk){.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target_services_lack(target),
		.required = UNKNOWN,
		.tried = UNKNOWN},
	    .response = arena_allocate(job, sizeof *talk->response),
	    .challenges = arena_array(job, HTTP_CHALLENGES_MAX, sizeof *talk->challenges)};
	if (talk->response == NULL || talk->challenges == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < target->service_count; i++) {
		enum status status;

		talk->service = &target->services[i];
		if (strcmp(talk->service->name, "rtsp") != 0 || talk->service->udp)
			continue;
		TRY(rtsp_begin(job, target, talk->service, &talk->rtsp));
		status = visit(talk);
		rtsp_end(&talk->rtsp);
		if (fault_is_ours(status))
			return status;
		if (status != STATUS_OK)
			outcome_lack(job, &talk->outcome, "%s", job->reason);
	}
	if (talk->outcome.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = talk->outcome.lack;
	TRY(outcome_look(job, &talk->outcome, evidence, FACT_resource));
	TRY(outcome_look(job, &talk->outcome, evidence, FACT_login_service));
	return outcome_look(job, &talk->outcome, evidence, FACT_disclosure);
}

const struct probe probe_rtsp = {
    .name = "rtsp",
    .title = "Which streams come without a log-in, and how the others ask for one",
    .source = "RFC 2326, RFC 3550, RFC 8866, RFC 7616; EN 303 645 provisions 5.5-4 and 5.8-1",
    .looks_for = {"resource", "login_service", "disclosure"},
    .needs = "ports",
    .speaks = "rtsp",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 3 * 60 * 1000,
    .talk = talk_rtsp,
};
