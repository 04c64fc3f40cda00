/*
 * Logging in at a web server, by challenge or by form, and asking afterwards.
 */
#ifndef DEVICE_HTTP_LOGIN_H
#define DEVICE_HTTP_LOGIN_H

#include "device/http_page.h"
#include "device/login.h"

/* What a log-in left behind: enough to ask again as the same person. */
struct http_session {
	const struct login *login;
	const char *user; /* of a challenge, which is answered each time; NULL: nobody */
	const char *password;
	const char *cookies; /* of a form: a header line, or "" */
	const char *before;  /* the same, as the page with the form set them */
};

/* One request at the server of a log-in; `secret` as in struct http_request. */
enum status http_ask_at(struct job *job, struct target *target, const struct login *login,
    const char *method, const char *path, const char *headers, const char *body, bool secret,
    struct http_response *response);

/*
 * The request, and again with the answer to a challenge of the log-in's scheme
 * for one pair; *asked: there was one.
 */
enum status http_ask_as(struct job *job, struct target *target, const struct login *login,
    struct http_request *request, const char *user, const char *password,
    struct http_response *response, bool *asked);

/* A session of the server's pages can be had here: http_sign_in knows how. */
bool http_can_sign_in(const struct login *login);

/* GET of a path as the person of a session; at most `limit` bytes of a body are waited for. */
enum status http_get_as(struct job *job, struct target *target, const struct http_session *session,
    const char *path, size_t limit, struct http_response *response);

/*
 * Sends the log-in's form with one pair; the session gets the cookies it
 * leaves.  An answer is judged against `control`; without one the impossible
 * pair is sent twice, to learn what varies by itself.
 */
enum status http_try_form(struct job *job, struct target *target, const struct login *login,
    const char *user, const char *password, const struct login_result *control,
    struct login_result *result, struct http_session *session);

/* login_try_http, with the session it opened or did not. */
enum status http_sign_in(struct job *job, struct target *target, const struct login *login,
    const char *user, const char *password, const struct login_result *control,
    struct login_result *result, struct http_session *session);

/* The next cookie of a header line: its name and value end before *size; NULL at the end. */
const char *http_next_cookie(const char *line, size_t *size);

/* Words that say nobody is let in for now, whatever the password. */
bool http_says_locked(const struct http_response *response, const char *words);

#endif
