/* A function counts where its owner gets a genuine answer: only then does it mean something that
 * others do not. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "device/access.h"
#include "device/http_login.h"
#include "device/http_paths.h"

#define WRONG_MAX 6  /* functions asked for with wrong credentials: more might lock us out */
#define SILENT_MAX 3 /* paths in a row without an answer */

struct visit {
	struct access *access;
	struct http_session sessions[ACCESS_ROLES];
	bool there[ACCESS_ROLES];
	unsigned wrong_asked;
	unsigned silent;
	bool sent_to_login; /* the last answer came by way of a redirection that names one */
};

/* One redirection on the unit itself is followed. */
static enum status
ask(struct visit *visit, enum access_role role, const char *path, struct http_response *response)
{
	const struct access *access = visit->access;
	const char *location = NULL, *place = NULL;
	size_t from = 0;
	enum status status = http_get_as(access->job, access->target, &visit->sessions[role], path,
	    HTTP_PATH_BODY_MAX, response);

	visit->sent_to_login = false;
	if (status == STATUS_OK && response->status >= 300 && response->status < 400)
		location = http_header(response, "Location", &from);
	if (location != NULL)
		place = http_resolve(access->job, access->target, access->login->port,
		    access->login->tls, path, location);
	if (place != NULL) {
		visit->sent_to_login = strcasestr(place, "login") != NULL;
		status = http_get_as(access->job, access->target, &visit->sessions[role], place,
		    HTTP_PATH_BODY_MAX, response);
	}

	if (response->body.size > HTTP_PATH_BODY_MAX)
		response->body.size = HTTP_PATH_BODY_MAX;
	return status;
}

/* One role's session; a pair of lower rights that is not let in has none. */
static enum status
sign_in(struct visit *visit, enum access_role role, const char *user, const char *password)
{
	struct access *access = visit->access;
	struct login_result result;
	enum status status = http_sign_in(access->job, access->target, access->login, user,
	    password, access->control, &result, &visit->sessions[role]);

	if (fault_is_ours(status))
		return status;
	visit->there[role] =
	    status == STATUS_OK && (role == ACCESS_WRONG || result.answer == LOGIN_ACCEPTED);
	if (!visit->there[role] && role != ACCESS_WRONG)
		outcome_lack(access->job, &access->trials, "port %u: %s is not let in",
		    access->login->port,
		    role == ACCESS_LOW ? "the user of low rights" : "the owner");
	return STATUS_OK;
}

/* Does this header line hold the very same pair? */
static bool
holds(const char *line, const char *pair, size_t size)
{
	size_t other;

	for (const char *at = http_next_cookie(line, &other); at != NULL;
	     at = http_next_cookie(at + other, &other))
		if (other == size && memcmp(at, pair, size) == 0)
			return true;
	return false;
}

/*
 * Which cookies the log-in made new.  Where it made none, those a visitor had
 * are the session's: whoever gave them to the visitor has it too.
 */
static enum status
add_cookies(struct visit *visit)
{
	struct access *access = visit->access;
	const struct http_session *session = &visit->sessions[ACCESS_RIGHT];
	bool any = false;
	size_t size;

	for (unsigned pass = 0; pass < 2; pass++)
		for (const char *at = http_next_cookie(session->cookies, &size); at != NULL;
		     at = http_next_cookie(at + size, &size)) {
			bool renewed = !holds(session->before, at, size);
			struct fact fact = fact_new(FACT_session_cookie);

			any = any || renewed;
			if (pass == 0 || renewed != any)
				continue;
			fact.port = access->login->port;
			fact.as.session_cookie.protocol = access->login->protocol;
			fact.as.session_cookie.name =
			    arena_string(access->job, at, strcspn(at, "=;\r"));
			fact.as.session_cookie.renewed = renewed;
			if (fact.as.session_cookie.name == NULL)
				return STATUS_LIMIT;
			TRY(evidence_add(access->evidence, access->job, &fact));
		}
	return STATUS_OK;
}

/* Does the owner get what is really there?  A name nobody can have must not be answered so. */
static enum status
is_genuine(struct visit *visit, const struct http_path *path, struct http_response *response,
    bool *genuine)
{
	struct access *access = visit->access;
	uint8_t random[6];
	const char *name, *other;
	enum status status = ask(visit, ACCESS_RIGHT, path->path, response);

	*genuine = false;
	if (fault_is_ours(status))
		return status;
	visit->silent = status == STATUS_OK ? 0 : visit->silent + 1;
	if (status != STATUS_OK)
		outcome_lack(access->job, &access->trials, "%s", access->job->reason);
	if (status != STATUS_OK || !http_path_answers(path, response))
		return STATUS_OK;
	TRY(target_random(access->job, access->target, random, sizeof random));
	name = hex_of_bytes(access->job, (struct span){random, sizeof random});
	other = name == NULL ? NULL
			     : http_path_sibling(
				   access->job, path->path, arena_printf(access->job, "q%s", name));
	if (other == NULL)
		return STATUS_LIMIT;
	status = ask(visit, ACCESS_RIGHT, other, response);
	if (fault_is_ours(status))
		return status;
	*genuine = status == STATUS_OK && !http_path_answers(path, response);
	if (!*genuine)
		outcome_lack(access->job, &access->trials, "port %u: it answers any name like %s",
		    access->login->port, path->path);
	return STATUS_OK;
}

/* 1: the answer is the genuine one; 0: refused, or asked who is there; UNKNOWN. */
static int64_t
is_allowed(
    const struct visit *visit, const struct http_path *path, const struct http_response *response)
{
	struct http_form form;

	if (http_path_answers(path, response))
		return 1;
	if (response->status == 401 || response->status == 403 ||
	    http_is_absence(response->status) || visit->sent_to_login)
		return 0;
	if (response->status != 200)
		return UNKNOWN;
	if (response->unread ||
	    http_read_form(visit->access->job, response->body, &form) != STATUS_OK)
		return UNKNOWN;
	return form.asks_password ? 0 : UNKNOWN;
}

static enum status
ask_in_role(struct visit *visit, enum access_role role, const struct http_path *path,
    struct http_response *response)
{
	struct access *access = visit->access;
	struct arena_mark mark = arena_mark(access->job->arena);
	enum status status = ask(visit, role, path->path, response);
	int64_t allowed, exchange = response->exchange;
	int code = response->status;

	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK) {
		outcome_lack(access->job, &access->trials, "%s", access->job->reason);
		return STATUS_OK;
	}
	allowed = is_allowed(visit, path, response);
	arena_release(access->job->arena, mark);
	if (allowed == UNKNOWN)
		outcome_lack(access->job, &access->trials,
		    "port %u: %s: what its answer of %d means is not known", access->login->port,
		    path->path, code);
	return access_add_trial(access, role, path->path, path->access, allowed,
	    arena_printf(access->job, "%d", code), exchange);
}

static enum status
try_function(struct visit *visit, const struct http_path *path, struct http_response *response)
{
	struct arena_mark mark = arena_mark(visit->access->job->arena);
	const char *lack = visit->access->trials.lack;
	bool genuine;

	TRY(is_genuine(visit, path, response, &genuine));
	if (lack == visit->access->trials.lack)
		arena_release(visit->access->job->arena, mark);
	if (!genuine)
		return STATUS_OK;
	TRY(access_add_trial(
	    visit->access, ACCESS_RIGHT, path->path, path->access, 1, "200", response->exchange));
	TRY(ask_in_role(visit, ACCESS_NONE, path, response));
	if (visit->there[ACCESS_LOW])
		TRY(ask_in_role(visit, ACCESS_LOW, path, response));
	if (visit->there[ACCESS_WRONG] && visit->wrong_asked++ < WRONG_MAX)
		TRY(ask_in_role(visit, ACCESS_WRONG, path, response));
	return STATUS_OK;
}

enum status
access_try_web(struct access *access)
{
	struct visit visit = {.access = access};
	struct http_response *response = arena_allocate(access->job, sizeof *response);

	if (response == NULL)
		return STATUS_LIMIT;
	visit.sessions[ACCESS_NONE] =
	    (struct http_session){.login = access->login, .cookies = "", .before = ""};
	TRY(sign_in(&visit, ACCESS_RIGHT, access->right->user, access->right->password));
	if (!visit.there[ACCESS_RIGHT])
		return STATUS_OK;
	TRY(add_cookies(&visit));
	if (access->low != NULL)
		TRY(sign_in(&visit, ACCESS_LOW, access->low->user, access->low->password));
	/* A challenge is answered at each path anew, and this pair was refused before. */
	visit.there[ACCESS_WRONG] = visit.sessions[ACCESS_RIGHT].user != NULL;
	if (visit.there[ACCESS_WRONG])
		visit.sessions[ACCESS_WRONG] = (struct http_session){.login = access->login,
		    .user = access->wrong.user,
		    .password = access->wrong.password,
		    .cookies = "",
		    .before = ""};
	else
		TRY(sign_in(&visit, ACCESS_WRONG, access->wrong.user, access->wrong.password));
	for (size_t i = 0; i < http_path_count && visit.silent < SILENT_MAX; i++) {
		if (target_time_is_up(access->target)) {
			outcome_lack(access->job, &access->trials,
			    "port %u: time is up after %zu paths", access->login->port, i);
			break;
		}
		TRY(try_function(&visit, &http_paths[i], response));
	}
	return STATUS_OK;
}
