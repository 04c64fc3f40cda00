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
};

/* One request at the server of a log-in; `secret` as in struct http_request. */
enum status http_ask_at(struct job *job, struct target *target, const struct login *login,
    const char *method, const char *path, const char *headers, const char *body, bool secret,
    struct http_response *response);

/* GET of a path as the person of a session; at most `limit` bytes of a body are waited for. */
enum status http_get_as(struct job *job, struct target *target, const struct http_session *session,
    const char *path, size_t limit, struct http_response *response);

/*
 * Sends the log-in's form with one pair; *cookies is the session it leaves.
 * An answer is judged against `control`; without one the impossible pair is
 * sent twice, to learn what varies by itself.
 */
enum status http_try_form(struct job *job, struct target *target, const struct login *login,
    const char *user, const char *password, const struct login_result *control,
    struct login_result *result, const char **cookies);

/* login_try_http, with the session it opened or did not. */
enum status http_sign_in(struct job *job, struct target *target, const struct login *login,
    const char *user, const char *password, const struct login_result *control,
    struct login_result *result, struct http_session *session);

/* Words that say nobody is let in for now, whatever the password. */
bool http_says_locked(const struct http_response *response, const char *words);

#endif
