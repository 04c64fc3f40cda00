/* Basic and Digest answer 401 or not; a form's answer means something only beside the answer to the
 * impossible pair. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_client.h"
#include "device/login.h"

#define COOKIES_MAX 8

static enum status
ask(struct job *job, struct target *target, const struct login *login, const char *method,
    const char *path, const char *headers, const char *body, struct http_response *response)
{
	bool rtsp = strcmp(login->protocol, "rtsp") == 0;
	struct http_request request = {.method = method,
	    .path = path,
	    .protocol = rtsp ? "RTSP/1.0" : "HTTP/1.1",
	    .headers = headers,
	    .body = body};

	return http_ask(job, target, login->port, login->tls, &request, response);
}

/* The challenge we answer: the first of the log-in's scheme that we know how to. */
static enum status
find_challenge(struct job *job, const struct login *login, const struct http_response *response,
    const struct http_challenge **found)
{
	struct http_challenge *challenges =
	    arena_array(job, HTTP_CHALLENGES_MAX, sizeof *challenges);
	size_t count;

	*found = NULL;
	if (challenges == NULL)
		return STATUS_LIMIT;
	TRY(http_read_challenges(job, response, challenges, &count));
	for (size_t i = 0; i < count && *found == NULL; i++)
		if (strcmp(challenges[i].scheme, login->scheme) == 0 &&
		    http_can_answer(&challenges[i]))
			*found = &challenges[i];
	return *found != NULL ? STATUS_OK
			      : fail(job, STATUS_UNDECIDED, "port %u: no %s challenge any more",
				    login->port, login->scheme);
}

static enum status
try_challenge(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, struct http_response *response, struct login_result *result)
{
	const struct http_challenge *challenge;
	const char *line;

	TRY(ask(job, target, login, "GET", login->path, "", NULL, response));
	TRY(find_challenge(job, login, response, &challenge));
	TRY(http_answer(job, target, challenge, "GET", login->path, user, password, &line));
	TRY(ask(job, target, login, "GET", login->path, line, NULL, response));
	result->exchange = response->exchange;
	if (response->status == 401) {
		result->answer = LOGIN_REFUSED;
		result->error_text_class = "generic";
	} else if (response->status >= 500 || response->status == 400 || response->status == 403 ||
		   response->status == 429) {
		/* let in but not to this page, or locked out: a refusal of the password it is not
		 */
		result->answer = LOGIN_UNSURE;
	} else {
		result->answer = LOGIN_ACCEPTED;
	}
	return STATUS_OK;
}

static void
put_encoded(struct text *out, const char *word)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *word != '\0'; word++) {
		if (strchr(plain, *word) != NULL)
			text_put_bytes(out, word, 1);
		else
			text_printf(out, "%%%02X", (unsigned)(unsigned char)*word);
	}
}

static void
put_field(struct text *out, const char *name, const char *value)
{
	if (out->size > 0)
		text_put(out, "&");
	put_encoded(out, name);
	text_put(out, "=");
	put_encoded(out, value);
}

/* The cookies a page set, as one header line. */
static const char *
cookie_line(struct job *job, const struct http_response *response)
{
	struct text out = text_new(job);
	const char *value, *line;
	size_t from = 0;

	for (unsigned i = 0;
	     i < COOKIES_MAX && (value = http_header(response, "Set-Cookie", &from)) != NULL; i++) {
		text_put(&out, i == 0 ? "Cookie: " : "; ");
		text_put_bytes(&out, value, strcspn(value, ";"));
	}
	if (out.size > 0)
		text_put(&out, "\r\n");
	return text_finish(&out, &line) == STATUS_OK ? line : NULL;
}

/* An action relative to the page's path. */
static const char *
resolve(struct job *job, const char *path, const char *action)
{
	const char *slash = strrchr(path, '/');

	if (action[0] == '\0')
		return path;
	if (action[0] == '/')
		return action;
	return arena_printf(job, "%.*s/%s", (int)(slash == NULL ? 0 : slash - path), path, action);
}

/* What an answer looks like, without what changes from one to the next. */
static const char *
trace_of(struct job *job, const struct http_response *response)
{
	struct http_form form;
	const char *location;
	size_t from = 0;

	if (http_read_form(job, response->body, &form) != STATUS_OK)
		return NULL;
	location = http_header(response, "Location", &from);
	return arena_printf(job, "%d %s %s", response->status, location == NULL ? "-" : location,
	    form.asks_password ? "asks again" : "asks no more");
}

static enum status
try_form(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct http_response *response,
    struct login_result *result)
{
	struct http_form form;
	struct text body = text_new(job);
	const char *encoded, *cookies, *path;

	TRY(ask(job, target, login, "GET", login->path, "", NULL, response));
	TRY(http_read_form(job, response->body, &form));
	if (!form.usable || strstr(form.action, "//") != NULL)
		return fail(job, STATUS_UNDECIDED, "port %u: no log-in form any more", login->port);
	put_field(&body, form.user_field, user);
	put_field(&body, form.password_field, password);
	for (size_t i = 0; i < form.field_count; i++)
		put_field(&body, form.fields[i].name, form.fields[i].value);
	TRY(text_finish(&body, &encoded));
	cookies = cookie_line(job, response);
	path = resolve(job, login->path, form.action);
	if (cookies == NULL || path == NULL)
		return STATUS_LIMIT;
	TRY(ask(job, target, login, "POST", path, cookies, encoded, response));
	result->exchange = response->exchange;
	result->trace = trace_of(job, response);
	if (result->trace == NULL)
		return STATUS_LIMIT;
	/* A page that neither asks again nor refuses could be either: scripts read such answers, we
	 * cannot. */
	if (control == NULL)
		result->answer =
		    response->status < 300 && strstr(result->trace, "asks no more") != NULL
			? LOGIN_UNSURE
			: LOGIN_REFUSED;
	/* The same answer as to the impossible pair is a refusal; another one that asks no more is
	 * a log-in. */
	else if (strcmp(control->trace, result->trace) == 0)
		result->answer = LOGIN_REFUSED;
	else
		result->answer =
		    response->status < 400 && strstr(result->trace, "asks no more") != NULL
			? LOGIN_ACCEPTED
			: LOGIN_UNSURE;
	return STATUS_OK;
}

enum status
login_try_http(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct http_response *response = arena_allocate(job, sizeof *response);

	if (response == NULL)
		return STATUS_LIMIT;
	if (strcmp(login->scheme, "form") == 0)
		return try_form(job, target, login, user, password, control, response, result);
	return try_challenge(job, target, login, user, password, response, result);
}
