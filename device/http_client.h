/*
 * A small HTTP/1.1 client: one request a connection, no caches, no surprises.
 *
 * Source: RFC 9110, RFC 9112; authentication RFC 7235, RFC 7617, RFC 7616.
 */
#ifndef DEVICE_HTTP_CLIENT_H
#define DEVICE_HTTP_CLIENT_H

#include "device/channel.h"

#define HTTP_HEADERS_MAX 64
#define HTTP_HEAD_MAX_SIZE 16384
#define HTTP_BODY_MAX_SIZE ((size_t)256 << 10)
#define HTTP_CHALLENGES_MAX 8
#define HTTP_FIELDS_MAX 32

/* A browser's and a player's: a unit that knows its examiner may behave for him alone. */
#define HTTP_USER_AGENT "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
#define RTSP_USER_AGENT "LibVLC/3.0.20 (LIVE555 Streaming Media v2016.11.28)"

struct http_header {
	const char *name;
	const char *value;
	bool escaped; /* the value is not what was sent to the letter */
};

struct http_response {
	int64_t exchange;
	int status;
	size_t header_count;
	struct http_header headers[HTTP_HEADERS_MAX]; /* values as UTF-8 text */
	struct span body;                             /* decoded, cut at HTTP_BODY_MAX_SIZE */
	bool cut;    /* it fell silent or time was up before the length it told */
	bool unread; /* compressed although nobody asked for it: nobody here reads it */
};

struct http_request {
	const char *method;
	const char *path;
	const char *protocol; /* "HTTP/1.1" or "RTSP/1.0" */
	const char *headers;  /* further header lines, each ending in CR LF; "" */
	const char *body;     /* form-urlencoded; NULL */
	bool secret;          /* headers or body carry a password or a session */
	size_t body_limit;    /* so much of the body is enough; 0: HTTP_BODY_MAX_SIZE */
};

/*
 * Reads a response from the bytes received so far.  *whole is false while more
 * are wanted; `last` says there are no more.  STATUS_MALFORMED when it is no
 * HTTP, or its head is larger than the limits above.
 */
enum status http_read_response(
    struct job *job, struct span received, bool last, struct http_response *response, bool *whole);

/* Connects, asks, reads.  STATUS_UNAVAILABLE, STATUS_UNDECIDED (silence), STATUS_MALFORMED. */
enum status http_ask(struct job *job, struct target *target, uint16_t port, bool tls,
    const struct http_request *request, struct http_response *response);

/* The two halves of http_ask: the answer is awaited later.  The caller hangs up, always. */
enum status http_say(struct job *job, struct target *target, uint16_t port, bool tls,
    const struct http_request *request, struct channel *channel);
enum status http_hear(
    struct job *job, struct channel *channel, size_t limit, struct http_response *response);

/* First header of that name, whatever its case; NULL. `from` goes through repeated ones: start with
 * 0. */
const char *http_header(const struct http_response *response, const char *name, size_t *from);

struct http_challenge {
	const char *scheme; /* lower case: basic, digest … */
	const char *realm;
	const char *nonce;
	const char *algorithm; /* NULL: MD5 */
	const char *opaque;
	bool qop;      /* it names qualities of protection at all */
	bool qop_auth; /* "auth" is among them */
	bool userhash; /* the user's name is sent hashed */
	bool escaped;  /* of a header that is not what was sent to the letter */
	bool stale;    /* the nonce was too old: nothing is said about the password */
};

/* Every challenge of a 401.  A header that makes no sense is left out. */
enum status http_read_challenges(struct job *job, const struct http_response *response,
    struct http_challenge *challenges, size_t *count);

/* We know how to answer it: Basic, or Digest with MD5, SHA-256 or SHA-512-256 and their -sess. */
bool http_can_answer(const struct http_challenge *challenge);

/* The Authorization header line for a challenge, with CR LF. STATUS_UNDECIDED when http_can_answer
 * is false. */
enum status http_answer(struct job *job, struct target *target,
    const struct http_challenge *challenge, const char *method, const char *path, const char *user,
    const char *password, const char **line);

#endif
