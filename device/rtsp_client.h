/*
 * RTSP: requests, and descriptions of streams.  How one is played: rtsp_play.h.
 *
 * Source: RFC 2326; descriptions RFC 8866, protected media RFC 3711.
 */
#ifndef DEVICE_RTSP_CLIENT_H
#define DEVICE_RTSP_CLIENT_H

#include "device/ask.h"

struct rtsp {
	struct ask ask;
	unsigned sequence; /* of the last request */
};

enum status rtsp_begin(
    struct job *job, struct target *target, const struct service *service, struct rtsp *rtsp);
void rtsp_end(struct rtsp *rtsp);

/* rtsp://ADDRESS:PORT and the path: the URI of requests and of the digest. NULL: out of memory. */
const char *rtsp_uri(struct rtsp *rtsp, const char *path);

/*
 * One request about `uri`; `headers` are further lines, each with CR LF, and
 * carry a password when `secret`.  Statuses as of ask_for.
 */
enum status rtsp_request(struct rtsp *rtsp, const char *method, const char *uri,
    const char *headers, bool secret, struct http_response *response);
enum status rtsp_describe(
    struct rtsp *rtsp, const char *path, const char *authorization, struct http_response *response);

/*
 * The same with a name: the question without one, then the answer to its
 * challenge of `scheme`.  *asked is false when there was no such challenge;
 * then *response is the answer to a stranger.
 */
enum status rtsp_describe_as(struct rtsp *rtsp, const char *path, const char *scheme,
    const char *user, const char *password, bool *asked, struct http_response *response);

#define SDP_MEDIA_MAX 16

/* What a session description says is sent. */
struct sdp {
	const char *control; /* of all media together, as it writes it; NULL */
	size_t count;
	struct sdp_media {
		const char *type;      /* video, audio, application … */
		const char *transport; /* RTP/AVP, RTP/SAVP … */
		const char *control;   /* where it is set up, as it writes it; NULL */
	} media[SDP_MEDIA_MAX];
};

/*
 * Reads a description.  *found is false when `body` is none, or names no media:
 * a page that says 200 is no stream.  STATUS_LIMIT.
 */
enum status sdp_read(struct job *job, struct span body, struct sdp *sdp, bool *found);

/* The media in one line, "video RTP/AVP, audio RTP/SAVP"; NULL: out of memory. */
const char *sdp_words(struct job *job, const struct sdp *sdp);

#endif
