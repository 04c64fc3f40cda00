/*
 * Questions and answers in the manner of HTTP over one connection that is kept
 * as long as the unit keeps it: RTSP, SOAP and device descriptions.
 *
 * Source: RFC 9112, RFC 2326 section 4.
 */
#ifndef DEVICE_ASK_H
#define DEVICE_ASK_H

#include "device/http_client.h"

struct ask {
	struct job *job;
	struct target *target;
	uint16_t port;
	bool tls;
	bool rtsp; /* a body whose length is not told is none, as a rule */
	struct channel channel;
	bool used;     /* this connection gave an answer already */
	uint8_t *room; /* of the last answer */
};

/* Nothing is connected yet.  STATUS_LIMIT. */
enum status ask_begin(
    struct job *job, struct target *target, uint16_t port, bool tls, struct ask *ask);

/*
 * Sends `request` and reads one answer, over the connection that stands or a
 * new one; where the unit hung up after an earlier answer it is asked once more.
 * The answer's body is borrowed until the next question.
 *
 * secret  the request carries a password or what is as good as one
 *
 * STATUS_UNAVAILABLE, STATUS_UNDECIDED (silence), STATUS_MALFORMED
 */
enum status ask_for(
    struct ask *ask, struct span request, bool secret, struct http_response *response);

void ask_end(struct ask *ask);

/* The unit's address as the host of a URL: without zone, IPv6 in brackets. */
const char *ask_host(struct job *job, const struct target *target);

/*
 * What a URL that a unit told leads to: false when it is of another host than
 * the unit, of another scheme, or no URL.  *path begins with "/".
 */
struct ask_place {
	const char *scheme; /* as written, lower case: http, https, rtsp, rtsps */
	uint16_t port;
	const char *path;
};
bool ask_read_url(
    struct job *job, const struct target *target, const char *url, struct ask_place *place);

/* The service at a port that the scan found open and that speaks HTTP; NULL. */
const struct service *ask_web_service(const struct target *target, unsigned port);

#endif
