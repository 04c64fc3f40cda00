/*
 * Whether a stream really comes: one session is opened over a connection of
 * its own, played for a moment through the same connection, and closed.
 *
 * Source: RFC 2326 sections 10.4 to 10.7 and 10.12; RFC 3550 section 5.1.
 */
#ifndef DEVICE_RTSP_PLAY_H
#define DEVICE_RTSP_PLAY_H

#include "device/rtsp_client.h"

/* Who asks. */
struct rtsp_who {
	const char *scheme; /* of the challenge that is answered; NULL: a stranger */
	const char *user;
	const char *password;
};

/* What it came to. */
enum rtsp_result {
	RTSP_MEDIA,   /* packets of the stream came */
	RTSP_EMPTY,   /* it was set up and played, and nothing came */
	RTSP_NO_WAY,  /* it was not refused to anybody, only this way to send it */
	RTSP_REFUSED, /* a log-in is asked for, or this one is not enough */
	RTSP_ABSENT,  /* there is no such thing to set up */
	RTSP_FAILED,  /* another answer, or none */
};

struct rtsp_played {
	enum rtsp_result result;
	const char *step; /* "SETUP" or "PLAY": what the answer below was to */
	int status;       /* 0: none came */
	int64_t exchange;
};

/* What is set up, and what is played. */
struct rtsp_track {
	const char *uri;
	const char *session;   /* of all media together */
	const char *transport; /* RTP/AVP … */
};

/*
 * The first picture of a description, else its first media.  `response` is
 * the answer that held it, `uri` what was asked for.  False: its address is none, or
 * leads elsewhere.  NULL strings: out of memory.
 */
bool rtsp_find_track(struct job *job, const struct target *target,
    const struct http_response *response, const struct sdp *sdp, const char *uri,
    struct rtsp_track *track);

/*
 * Sets up, plays, hears some packets, tears down.  *response is the last
 * answer.  What the unit does wrong is in *played; a status other than
 * STATUS_OK is a limit or fault of ours.
 */
enum status rtsp_play(struct job *job, struct target *target, const struct service *service,
    const struct rtsp_track *track, const struct rtsp_who *who, struct http_response *response,
    struct rtsp_played *played);

/* `words` of a description, and what became of it: "video RTP/AVP; media came".  NULL: out of
 * memory. */
const char *rtsp_played_words(struct job *job, const char *words, const struct rtsp_played *played);

/* What stands first in what is received over a session's connection. */
enum rtsp_item_type { RTSP_MORE, RTSP_FRAME, RTSP_ANSWER, RTSP_NOISE };
struct rtsp_item {
	enum rtsp_item_type type;
	size_t size;      /* with its head and body; of a frame or an answer */
	uint8_t channel;  /* of a frame */
	struct span body; /* of a frame; the whole head of an answer */
};
void rtsp_next_item(struct span received, struct rtsp_item *item);

/* A packet of RTP with something in it. */
bool rtsp_is_media(struct span packet);

#endif
