/* Packets may come before the answer to PLAY, and go on after TEARDOWN: both are told apart by
 * their first byte. */
#include "device/rtsp_play.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define ROOM ((size_t)72 << 10)       /* more than the largest packet */
#define TAKE 2048                     /* at a time: what is not looked at is not taken */
#define HEARD_MAX ((size_t)256 << 10) /* bytes between two questions */
#define ENOUGH 3                      /* packets */
#define PLAY_PATIENCE_MS 4000         /* for an answer */
#define MEDIA_MS 3000                 /* for packets: a slow camera sends one in a second */
#define FAREWELL_MS 1000              /* for the answer to TEARDOWN */

/* ---- a session ---- */

struct session {
	struct job *job;
	struct rtsp rtsp;
	const struct rtsp_who *who;
	struct http_response *response;
	struct rtsp_played *played;
	const char *id; /* NULL: none was given */
	uint8_t channel;
	uint8_t *room;
	size_t size;
	unsigned packets;
	bool answered; /* to the last question sent */
	bool broken;
};

/* The line that answers the challenge of the last response; NULL: there is none, or nobody to be.
 */
static enum status
answer_challenge(struct session *session, const char *method, const char *uri, const char **line)
{
	struct http_challenge *challenges =
	    arena_array(session->job, HTTP_CHALLENGES_MAX, sizeof *challenges);
	size_t count;

	*line = NULL;
	if (challenges == NULL)
		return STATUS_LIMIT;
	if (session->who->scheme == NULL || session->response->status != 401)
		return STATUS_OK;
	TRY(http_read_challenges(session->job, session->response, challenges, &count));
	for (size_t i = 0; i < count && *line == NULL; i++)
		if (strcmp(challenges[i].scheme, session->who->scheme) == 0 &&
		    http_can_answer(&challenges[i]))
			TRY(http_answer(session->job, session->rtsp.ask.target, &challenges[i],
			    method, uri, session->who->user, session->who->password, line));
	return STATUS_OK;
}

/* Media is counted, an answer is kept; what is left stays in the room. */
static enum status
sort_out(struct session *session)
{
	for (;;) {
		struct rtsp_item item;
		bool whole;

		rtsp_next_item((struct span){session->room, session->size}, &item);
		if (item.type == RTSP_MORE)
			return STATUS_OK;
		session->broken = session->broken || item.type == RTSP_NOISE;
		if (session->broken)
			return STATUS_OK;
		if (item.type == RTSP_FRAME)
			session->packets +=
			    item.channel == session->channel && rtsp_is_media(item.body);
		else if (http_read_response(session->job, item.body, true, session->response,
			     &whole) == STATUS_LIMIT)
			return STATUS_LIMIT;
		session->answered = session->answered || item.type == RTSP_ANSWER;
		session->size -= item.size;
		memmove(session->room, session->room + item.size, session->size);
	}
}

/* Hears until there is an answer, or `packets` of them are there, or `ms` are over. */
static enum status
hear(struct session *session, unsigned packets, int ms)
{
	struct target *target = session->rtsp.ask.target;
	int64_t end = target_now(target) + ms;
	size_t heard = 0;

	while (!session->broken && heard < HEARD_MAX && target_now(target) < end &&
	       (packets == 0 ? !session->answered : session->packets < packets)) {
		size_t got, room = ROOM - session->size;
		enum status status = channel_receive(session->job, &session->rtsp.ask.channel,
		    session->room + session->size, room < TAKE ? room : TAKE,
		    (int)(end - target_now(target)), &got);

		if (fault_is_ours(status))
			return status;
		session->broken = status == STATUS_UNAVAILABLE || status == STATUS_MALFORMED ||
				  (status == STATUS_OK && got == 0);
		if (status != STATUS_OK)
			return STATUS_OK;
		session->size += got;
		heard += got;
		TRY(sort_out(session));
	}
	return STATUS_OK;
}

/* One question within the session, and its answer among the packets. */
static enum status
ask_within(struct session *session, const char *method, const char *uri, const char *line, int ms)
{
	const char *request = arena_printf(session->job,
	    "%s %s RTSP/1.0\r\nCSeq: %u\r\nUser-Agent: hopquy\r\n%s%s%s%s%s\r\n", method, uri,
	    ++session->rtsp.sequence,
	    session->id == NULL ? "" : "Session: ", session->id == NULL ? "" : session->id,
	    session->id == NULL ? "" : "\r\n",
	    strcmp(method, "PLAY") == 0 ? "Range: npt=0.000-\r\n" : "", line == NULL ? "" : line);
	enum status status;

	if (request == NULL)
		return STATUS_LIMIT;
	session->answered = false;
	status = line == NULL ? channel_send(session->job, &session->rtsp.ask.channel,
				    span_of_string(request))
			      : channel_send_secret(session->job, &session->rtsp.ask.channel,
				    span_of_string(request));
	session->broken = session->broken || status != STATUS_OK;
	if (status != STATUS_OK)
		return fault_is_ours(status) ? status : STATUS_OK;
	return hear(session, 0, ms);
}

static void
judge(struct session *session, const char *step, bool answered)
{
	struct rtsp_played *played = session->played;
	int status = answered ? session->response->status : 0;

	played->step = step;
	played->status = status;
	played->exchange = session->rtsp.ask.channel.exchange;
	if (status == 401 || status == 403)
		played->result = RTSP_REFUSED;
	else if (status == 404 || status == 454 || status == 459 || status == 460)
		played->result = RTSP_ABSENT;
	else if (status == 461)
		played->result = RTSP_NO_WAY;
	else
		played->result = status >= 200 && status < 300 ? RTSP_EMPTY : RTSP_FAILED;
}

/*
 * "12345678;timeout=60": what stands before the semicolon; "interleaved=2-3" of
 * the transport.  Who sends over UDP all the same is not asked to play.
 */
static enum status
read_setup(struct session *session)
{
	size_t from = 0, again = 0;
	const char *id = http_header(session->response, "Session", &from);
	const char *transport = http_header(session->response, "Transport", &again);
	const char *at = transport == NULL ? NULL : strstr(transport, "interleaved=");

	if (id != NULL && id[0] != '\0' &&
	    (session->id = arena_string(session->job, id, strcspn(id, "; "))) == NULL)
		return STATUS_LIMIT;
	if (transport != NULL && at == NULL && strstr(transport, "/TCP") == NULL)
		session->played->result = RTSP_NO_WAY;
	for (at = at == NULL ? "" : at + strlen("interleaved="); isdigit((unsigned char)*at); at++)
		session->channel = (uint8_t)(session->channel * 10 + *at - '0');
	return STATUS_OK;
}

static enum status
set_up(struct session *session, const struct rtsp_track *track)
{
	const char *ending = text_ends_with(track->transport, "/TCP") ? "" : "/TCP", *line = "";
	enum status status = STATUS_OK;

	for (unsigned tries = 0; tries < 2 && line != NULL; tries++) {
		const char *headers =
		    arena_printf(session->job, "Transport: %s%s;unicast;interleaved=0-1\r\n%s",
			track->transport, ending, line);

		if (headers == NULL)
			return STATUS_LIMIT;
		status = rtsp_request(&session->rtsp, "SETUP", track->uri, headers, line[0] != '\0',
		    session->response);
		if (fault_is_ours(status))
			return status;
		line = NULL;
		if (status == STATUS_OK)
			TRY(answer_challenge(session, "SETUP", track->uri, &line));
	}
	judge(session, "SETUP", status == STATUS_OK);
	session->played->exchange =
	    status == STATUS_OK ? session->response->exchange : session->played->exchange;
	return session->played->result == RTSP_EMPTY ? read_setup(session) : STATUS_OK;
}

static enum status
play(struct session *session, const struct rtsp_track *track)
{
	const char *line = NULL;

	TRY(ask_within(session, "PLAY", track->session, NULL, PLAY_PATIENCE_MS));
	if (session->answered)
		TRY(answer_challenge(session, "PLAY", track->session, &line));
	if (line != NULL)
		TRY(ask_within(session, "PLAY", track->session, line, PLAY_PATIENCE_MS));
	judge(session, "PLAY", session->answered);
	if (session->played->result == RTSP_EMPTY)
		TRY(hear(session, ENOUGH, MEDIA_MS));
	/* What comes is there, whatever the answer was. */
	if (session->packets > 0)
		session->played->result = RTSP_MEDIA;
	return STATUS_OK;
}

/* The caller's answer stays that to SETUP or PLAY. */
static enum status
tear_down(struct session *session, const struct rtsp_track *track)
{
	const char *line = NULL;

	if (session->broken)
		return STATUS_OK;
	session->response = arena_allocate(session->job, sizeof *session->response);
	if (session->response == NULL)
		return STATUS_LIMIT;
	TRY(ask_within(session, "TEARDOWN", track->session, NULL, FAREWELL_MS));
	if (session->answered)
		TRY(answer_challenge(session, "TEARDOWN", track->session, &line));
	if (line != NULL)
		TRY(ask_within(session, "TEARDOWN", track->session, line, FAREWELL_MS));
	return STATUS_OK;
}

enum status
rtsp_play(struct job *job, struct target *target, const struct service *service,
    const struct rtsp_track *track, const struct rtsp_who *who, struct http_response *response,
    struct rtsp_played *played)
{
	struct session session = {.job = job,
	    .who = who,
	    .response = response,
	    .played = played,
	    .room = arena_allocate(job, ROOM)};
	enum status status;
	bool is_set_up;

	*played = (struct rtsp_played){.result = RTSP_FAILED, .step = "SETUP", .exchange = UNKNOWN};
	if (session.room == NULL)
		return STATUS_LIMIT;
	TRY(rtsp_begin(job, target, service, &session.rtsp));
	status = set_up(&session, track);
	is_set_up = played->status >= 200 && played->status < 300;
	if (status == STATUS_OK && is_set_up && !session.rtsp.ask.used)
		*played =
		    (struct rtsp_played){.result = RTSP_FAILED, /* it hung up on its session */
			.step = "PLAY",
			.exchange = played->exchange};
	if (status == STATUS_OK && played->result == RTSP_EMPTY)
		status = play(&session, track);
	if (status == STATUS_OK && is_set_up && session.rtsp.ask.used)
		status = tear_down(&session, track);
	rtsp_end(&session.rtsp);
	return status;
}
