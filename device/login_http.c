/* Basic and Digest answer 401 or not; a form's answer means something only beside the answer to the
 * impossible pair. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_login.h"

#define LINE_MAX_SIZE 4096

enum status
http_ask_at(struct job *job, struct target *target, const struct login *login, const char *method,
    const char *path, const char *headers, const char *body, bool secret,
    struct http_response *response)
{
	bool rtsp = strcmp(login->protocol, "rtsp") == 0;
	struct http_request request = {.method = method,
	    .path = path,
	    .protocol = rtsp ? "RTSP/1.0" : "HTTP/1.1",
	    .headers = headers,
	    .body = body,
	    .secret = secret};

	return http_ask(job, target, login->port, login->tls, &request, response);
}

/* The challenge we answer: the first of the log-in's scheme that we know how to; NULL. */
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
	if (response->status != 401)
		return STATUS_OK;
	TRY(http_read_challenges(job, response, challenges, &count));
	for (size_t i = 0; i < count && *found == NULL; i++)
		if (strcmp(challenges[i].scheme, login->scheme) == 0 &&
		    http_can_answer(&challenges[i]))
			*found = &challenges[i];
	return STATUS_OK;
}

enum status
http_ask_as(struct job *job, struct target *target, const struct login *login,
    struct http_request *request, const char *user, const char *password,
    struct http_response *response, bool *asked)
{
	const struct http_challenge *challenge;

	TRY(http_ask(job, target, login->port, login->tls, request, response));
	TRY(find_challenge(job, login, response, &challenge));
	*asked = challenge != NULL;
	request->secret = true;
	/* A nonce that was too old says nothing about the password: once more. */
	for (unsigned again = 0; challenge != NULL && again < 2; again++) {
		TRY(http_answer(job, target, challenge, request->method, request->path, user,
		    password, &request->headers));
		TRY(http_ask(job, target, login->port, login->tls, request, response));
		TRY(find_challenge(job, login, response, &challenge));
		if (challenge == NULL || !challenge->stale)
			return STATUS_OK;
	}
	return *asked ? fail(job, STATUS_UNDECIDED, "port %u: each nonce is stale", login->port)
		      : STATUS_OK;
}

bool
http_says_locked(const struct http_response *response, const char *words)
{
	static const char *const locked[] = {"locked", "too many", "try again later", "temporarily",
	    "blocked", "tạm khóa", "bị khóa"};

	if (response->status == 429 || response->status == 503 || response->status == 423)
		return true;
	for (size_t i = 0; words != NULL && i < ARRAY_SIZE(locked); i++)
		if (strcasestr(words, locked[i]) != NULL)
			return true;
	return false;
}

/* What an answer to the pair means. */
static enum status
judge(struct job *job, const struct http_response *response, const char *user,
    struct login_result *result)
{
	const char *words;

	result->exchange = response->exchange;
	result->status = response->status;
	words = http_words(job, response->body);
	if (words == NULL)
		return STATUS_LIMIT;
	result->trace =
	    arena_printf(job, "%d %s", response->status, http_settled(job, words, user));
	if (result->trace == NULL)
		return STATUS_LIMIT;
	/* let in but not to this page, or locked out: a refusal of the password it is not */
	if (response->status == 400 || response->status == 403 || response->status >= 500 ||
	    http_says_locked(response, response->status == 401 ? words : NULL)) {
		result->answer = LOGIN_UNSURE;
		if (http_says_locked(response, words))
			result->error_text_class = "locked";
	} else if (response->status == 401) {
		result->answer = LOGIN_REFUSED;
		result->error_text_class = "generic";
		if (words[0] != '\0')
			login_refuse(result, words);
	} else {
		result->answer = LOGIN_ACCEPTED;
	}
	return STATUS_OK;
}

static enum status
try_challenge(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, struct http_response *response, struct login_result *result)
{
	struct http_request request = {.method = "GET",
	    .path = login->path,
	    .protocol = strcmp(login->protocol, "rtsp") == 0 ? "RTSP/1.0" : "HTTP/1.1",
	    .headers = ""};
	bool asked;

	TRY(http_ask_as(job, target, login, &request, user, password, response, &asked));
	if (!asked)
		return fail(job, STATUS_UNDECIDED, "port %u: no %s challenge any more", login->port,
		    login->scheme);
	return judge(job, response, user, result);
}

static bool
is_by_challenge(const struct login *login)
{
	return strncmp(login->protocol, "http", 4) == 0 && login->interface == NULL &&
	       login->scheme != NULL && login->path != NULL && strcmp(login->scheme, "form") != 0;
}

bool
http_can_sign_in(const struct login *login)
{
	static const char *const schemes[] = {"basic", "digest", "form"};

	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (strncmp(login->protocol, "http", 4) == 0 && login->scheme != NULL &&
		    strcmp(login->scheme, schemes[i]) == 0)
			return true;
	return false;
}

bool
login_http_can_overlap(const struct login *login)
{
	return is_by_challenge(login);
}

/* The header line that answers the challenge of this moment; what else was said is forgotten. */
static enum status
make_answer(struct job *job, struct target *target, const struct login_talk *talk, const char *user,
    const char **line)
{
	const struct login *login = talk->login;
	struct arena_mark mark = arena_mark(job->arena);
	struct http_response *response = arena_allocate(job, sizeof *response);
	struct http_request request = {
	    .method = "GET", .path = login->path, .protocol = "HTTP/1.1", .headers = ""};
	const struct http_challenge *challenge;
	const char *made;
	char copy[LINE_MAX_SIZE];

	if (response == NULL)
		return STATUS_LIMIT;
	TRY(http_ask(job, target, login->port, login->tls, &request, response));
	TRY(find_challenge(job, login, response, &challenge));
	if (challenge == NULL)
		return fail(job, STATUS_UNDECIDED, "port %u: no %s challenge any more", login->port,
		    login->scheme);
	TRY(http_answer(job, target, challenge, "GET", login->path, user, talk->password, &made));
	if (strlen(made) >= sizeof copy) {
		*line = made;
		return STATUS_OK;
	}
	memcpy(copy, made, strlen(made) + 1);
	arena_release(job->arena, mark);
	*line = arena_copy_string(job, copy);
	return *line == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
login_start_http(struct job *job, struct target *target, const char *user, struct login_talk *talk)
{
	const struct login *login = talk->login;
	struct http_request request = {
	    .method = "GET", .path = login->path, .protocol = "HTTP/1.1", .secret = true};
	enum status status;

	if (!is_by_challenge(login))
		return login_try_http(
		    job, target, login, user, talk->password, talk->control, &talk->result);
	talk->user = user;
	TRY(make_answer(job, target, talk, user, &request.headers));
	status = http_say(job, target, login->port, login->tls, &request, &talk->channel);
	talk->result.exchange = talk->channel.exchange;
	talk->waiting = status == STATUS_OK;
	if (!talk->waiting)
		channel_hang_up(job, &talk->channel);
	return status;
}

/* Judges the answer; *stale: it says nothing about the password. */
static enum status
hear_verdict(struct job *job, struct login_talk *talk, bool *stale)
{
	struct arena_mark mark = arena_mark(job->arena);
	struct http_response *response = arena_allocate(job, sizeof *response);
	const struct http_challenge *challenge;
	char copy[LINE_MAX_SIZE];
	size_t size;

	*stale = false;
	if (response == NULL)
		return STATUS_LIMIT;
	TRY(http_hear(job, &talk->channel, 0, response));
	TRY(find_challenge(job, talk->login, response, &challenge));
	*stale = challenge != NULL && challenge->stale;
	if (*stale)
		return STATUS_OK;
	TRY(judge(job, response, talk->user, &talk->result));
	size = strlen(talk->result.trace);
	if (size >= sizeof copy)
		return STATUS_OK;
	memcpy(copy, talk->result.trace, size + 1);
	arena_release(job->arena, mark);
	talk->result.trace = arena_copy_string(job, copy);
	return talk->result.trace == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
login_finish_http(struct job *job, struct target *target, struct login_talk *talk)
{
	bool stale;
	enum status status = hear_verdict(job, talk, &stale);

	talk->waiting = false;
	channel_hang_up(job, &talk->channel);
	if (status != STATUS_OK || !stale)
		return status;
	return login_try_http(
	    job, target, talk->login, talk->user, talk->password, talk->control, &talk->result);
}

enum status
http_sign_in(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result,
    struct http_session *session)
{
	struct http_response *response = arena_allocate(job, sizeof *response);

	*session = (struct http_session){.login = login, .cookies = "", .before = ""};
	*result = (struct login_result){.answer = LOGIN_REFUSED, .exchange = UNKNOWN};
	if (response == NULL)
		return STATUS_LIMIT;
	if (strcmp(login->scheme, "form") == 0)
		return http_try_form(job, target, login, user, password, control, result, session);
	session->user = user;
	session->password = password;
	return try_challenge(job, target, login, user, password, response, result);
}

enum status
http_get_as(struct job *job, struct target *target, const struct http_session *session,
    const char *path, size_t limit, struct http_response *response)
{
	struct http_request request = {.method = "GET",
	    .path = path,
	    .protocol = "HTTP/1.1",
	    .headers = session->cookies,
	    .secret = session->cookies[0] != '\0',
	    .body_limit = limit};
	bool asked;

	if (session->user == NULL)
		return http_ask(
		    job, target, session->login->port, session->login->tls, &request, response);
	return http_ask_as(job, target, session->login, &request, session->user, session->password,
	    response, &asked);
}

enum status
login_try_http(struct job *job, struct target *target, const struct login *login, const char *user,
    const char *password, const struct login_result *control, struct login_result *result)
{
	struct http_session session;

	return http_sign_in(job, target, login, user, password, control, result, &session);
}
