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

struct http_header {
	const char *name;
	const char *value;
};

struct http_response {
	int64_t exchange;
	int status;
	size_t header_count;
	struct http_header headers[HTTP_HEADERS_MAX]; /* values as UTF-8 text */
	struct span body;                             /* decoded, cut at HTTP_BODY_MAX_SIZE */
};

struct http_request {
	const char *method;
	const char *path;
	const char *protocol; /* "HTTP/1.1" or "RTSP/1.0" */
	const char *headers;  /* further header lines, each ending in CR LF; "" */
	const char *body;     /* form-urlencoded; NULL */
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

/* First header of that name, whatever its case; NULL. `from` goes through repeated ones: start with
 * 0. */
const char *http_header(const struct http_response *response, const char *name, size_t *from);

struct http_challenge {
	const char *scheme; /* lower case: basic, digest … */
	const char *realm;
	const char *nonce;
	const char *algorithm; /* NULL: MD5 */
	const char *opaque;
	bool qop_auth; /* "auth" is among the qualities of protection */
};

/* Every challenge of a 401.  A header that makes no sense is left out. */
enum status http_read_challenges(struct job *job, const struct http_response *response,
    struct http_challenge *challenges, size_t *count);

/* We know how to answer it: Basic, or Digest with MD5 or SHA-256. */
bool http_can_answer(const struct http_challenge *challenge);

/* The Authorization header line for a challenge, with CR LF. STATUS_UNDECIDED when http_can_answer
 * is false. */
enum status http_answer(struct job *job, struct target *target,
    const struct http_challenge *challenge, const char *method, const char *path, const char *user,
    const char *password, const char **line);

struct http_form {
	bool asks_password; /* there is a password field, in a form or not */
	bool usable;        /* in a form, with named fields, and no script in between */
	const char *action; /* path it is sent to */
	bool post;
	const char *user_field;
	const char *password_field;
	size_t field_count; /* hidden ones, sent back as they are */
	struct http_header fields[HTTP_FIELDS_MAX];
};

/* The log-in form of a page, if any. */
enum status http_read_form(struct job *job, struct span page, struct http_form *form);
/*
 * The addresses a page leads to as it writes them (href, src, action, refresh),
 * pictures, styles, scripts and what sounds like a deed (reboot …) left out, at
 * most `room` different ones.
 */
enum status http_read_links(
    struct job *job, struct span page, const char **links, size_t room, size_t *count);
/* The page's title as text; NULL. */
const char *http_title(struct job *job, struct span page);

#endif
