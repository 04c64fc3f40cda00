/* A server that greets any name with 200, 401 or its log-in page has said nothing about this one:
 * what it makes of two names that nobody can have is learned for each folder and ending. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "device/findings.h"
#include "device/http_paths.h"
#include "device/web.h"

#define SIBLINGS_MAX 128
#define PICTURE_MS 1200
#define FAULTS_MAX 5   /* errors of its own in a row: it serves no pages, or no more */
#define FRONT_EVERY 20 /* paths after which the front page is asked for again */
#define SILENT_MAX 3   /* paths in a row without an answer: the server is left alone */

/* What a name of the same folder and ending that nobody can have came to. */
struct sibling {
	const char *key;
	bool heard; /* both were answered */
	struct http_response answers[2];
	const char *settled[2];
};

struct hunt {
	struct web *web;
	size_t sibling_count;
	struct sibling *siblings;
	size_t refused_alike; /* paths refused as any name is */
	int64_t exchange;     /* of one of them */
	int refusal;          /* with which status */
	size_t granted;       /* paths to be tried */
	int front;            /* the status of the front page; 0: it was not answered */
	unsigned silent;
	unsigned faults;
	bool sent_to_login; /* the last answer came by way of a redirection that names one */
};

/* What a path came to. */
enum manner { ANSWERS, REFUSES, ODD };

static enum status
ask_once(struct hunt *hunt, const char *path, struct http_response *response)
{
	enum status status = STATUS_UNAVAILABLE;

	for (unsigned again = 0; again < 2 && status != STATUS_OK; again++) {
		status = web_get(hunt->web, path, HTTP_PATH_BODY_MAX, response);
		if (fault_is_ours(status))
			return status;
	}
	if (response->body.size > HTTP_PATH_BODY_MAX)
		response->body.size = HTTP_PATH_BODY_MAX;
	return status;
}

/* Where a redirection leads on the unit itself; NULL: it is none, or leads elsewhere. */
static const char *
place_of(struct hunt *hunt, const char *path, const struct http_response *response)
{
	struct web *web = hunt->web;
	size_t from = 0;
	const char *location = response->status >= 300 && response->status < 400
				   ? http_header(response, "Location", &from)
				   : NULL;

	return location == NULL ? NULL
				: http_resolve(web->job, web->target, web->service->port,
				      web->service->tls, path, location);
}

/* One redirection is followed, unless it carries what was `wanted` (NULL: nothing). */
static enum status
ask(struct hunt *hunt, const char *path, const struct http_path *wanted,
    struct http_response *response)
{
	const char *place;

	hunt->sent_to_login = false;
	TRY(ask_once(hunt, path, response));
	place = place_of(hunt, path, response);
	if (place == NULL || (wanted != NULL && http_path_shows(wanted, response)))
		return STATUS_OK;
	hunt->sent_to_login = strcasestr(place, "login") != NULL;
	return ask_once(hunt, place, response);
}

/* Only as much of an answer as is needed stays in memory. */
static enum status
keep_answer(struct job *job, struct http_response *response)
{
	uint8_t *body = arena_allocate(job, response->body.size);

	if (body == NULL)
		return STATUS_LIMIT;
	if (response->body.size > 0)
		memcpy(body, response->body.at, response->body.size);
	response->body.at = body;
	return STATUS_OK;
}

static const char *
settled_of(struct job *job, const struct http_response *response, const char *name)
{
	const char *words = http_words(job, response->body);

	return words == NULL ? NULL : http_settled(job, words, name);
}

static enum status
learn(struct hunt *hunt, const char *path, struct sibling *sibling)
{
	struct job *job = hunt->web->job;

	sibling->heard = true;
	for (size_t i = 0; i < 2; i++) {
		uint8_t random[6];
		const char *name, *other;
		enum status status;

		TRY(target_random(job, hunt->web->target, random, sizeof random));
		name = hex_of_bytes(job, (struct span){random, sizeof random});
		other = name == NULL ? NULL
				     : http_path_sibling(job, path, arena_printf(job, "q%s", name));
		if (other == NULL)
			return STATUS_LIMIT;
		status = ask(hunt, other, NULL, &sibling->answers[i]);
		if (fault_is_ours(status))
			return status;
		sibling->heard = sibling->heard && status == STATUS_OK;
		if (!sibling->heard)
			return STATUS_OK;
		sibling->settled[i] = settled_of(job, &sibling->answers[i], name);
		if (sibling->settled[i] == NULL)
			return STATUS_LIMIT;
	}
	return STATUS_OK;
}

static enum status
find_sibling(struct hunt *hunt, const char *path, struct sibling **found)
{
	const char *key = http_path_sibling(hunt->web->job, path, "*");
	struct sibling *sibling;

	*found = NULL;
	if (key == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < hunt->sibling_count && *found == NULL; i++)
		if (strcmp(hunt->siblings[i].key, key) == 0)
			*found = &hunt->siblings[i];
	if (*found != NULL || hunt->sibling_count == SIBLINGS_MAX)
		return STATUS_OK;
	sibling = &hunt->siblings[hunt->sibling_count++];
	sibling->key = key;
	*found = sibling;
	return learn(hunt, path, sibling);
}

static enum status
add_resource(struct hunt *hunt, const char *path, const char *access, bool needs_login,
    const char *detail, int64_t exchange)
{
	const struct finding finding = {hunt->web->job, hunt->web->evidence, hunt->web->protocol,
	    hunt->web->service->port, exchange};

	hunt->web->resources.count++;
	return finding_resource(&finding, path, access, needs_login, detail);
}

/* A picture that is the same a moment later is a logo or a drawing: no camera's noise repeats. */
static enum status
look_again(struct hunt *hunt, const struct http_path *path, const struct http_response *response,
    const char **access, const char **detail)
{
	struct http_response *again = arena_allocate(hunt->web->job, sizeof *again);
	enum status status;

	if (again == NULL)
		return STATUS_LIMIT;
	(void)target_wait(hunt->web->job, hunt->web->target, PICTURE_MS);
	status = ask(hunt, path->path, path, again);
	if (fault_is_ours(status))
		return status;
	if (status == STATUS_OK && !span_equal(again->body, response->body))
		return STATUS_OK;
	*access = "read";
	*detail = status == STATUS_OK ? "a picture, the same twice" : "a picture, seen once";
	return STATUS_OK;
}

/* Refused, or sent to a page that asks who is there. */
static bool
is_refusal(const struct hunt *hunt, struct job *job, const struct http_response *response)
{
	struct http_form form;
	size_t from = 0;
	const char *location = http_header(response, "Location", &from);

	if (response->status == 401 || response->status == 403)
		return true;
	if (response->status >= 300 && response->status < 400)
		return location != NULL && strcasestr(location, "login") != NULL;
	if (hunt->sent_to_login && response->status < 300)
		return true;
	return response->status == 200 && !response->unread &&
	       http_read_form(job, response->body, &form) == STATUS_OK && form.asks_password;
}

/* Is it the answer that a name nobody can have gets? */
static bool
is_alike(const struct http_response *response, const char *settled, const struct sibling *sibling,
    size_t i, enum manner manner)
{
	const struct http_response *other = &sibling->answers[i];
	bool by_words = manner == ANSWERS || (manner == ODD && response->status < 300);

	if (other->status != response->status)
		return false;
	if (manner == ANSWERS && (response->body.size == 0 || settled[0] == '\0'))
		return false;
	return !by_words || strcmp(settled, sibling->settled[i]) == 0;
}

/* A form that asks who is there is a log-in, whatever else the path is. */
static enum status
add_log_in(struct hunt *hunt, const struct http_path *path, const struct http_response *response)
{
	struct web *web = hunt->web;
	struct http_response *page = arena_allocate(web->job, sizeof *page);

	if (page == NULL)
		return STATUS_LIMIT;
	if (response->status >= 400)
		return STATUS_OK;
	web->path = path->path;
	return web_follow(web, page);
}

static enum status
add_refusal(struct hunt *hunt, const struct http_path *path, const struct http_response *response,
    bool alike)
{
	if (!alike || hunt->refused_alike == 0)
		TRY(add_log_in(hunt, path, response));
	if (!alike)
		return add_resource(hunt, path->path, path->access, true,
		    arena_printf(hunt->web->job, "%d", response->status), response->exchange);
	hunt->refused_alike++;
	hunt->refusal = response->status;
	hunt->exchange = response->exchange;
	return STATUS_OK;
}

static enum status
add_answer(struct hunt *hunt, const struct http_path *path, const struct http_response *response)
{
	struct job *job = hunt->web->job;
	const char *access = path->access;
	const char *detail = arena_printf(job, "%d, %s", response->status, path->sign);
	struct http_form form;

	TRY(http_read_form(job, response->body, &form));
	if (form.asks_password)
		TRY(add_log_in(hunt, path, response));
	if (strcmp(path->sign, "jpeg") == 0)
		TRY(look_again(hunt, path, response, &access, &detail));
	return add_resource(hunt, path->path, access, false, detail, response->exchange);
}

/* Something to be shown, not data. */
static bool
is_page(const struct http_response *response)
{
	return http_mentions(response->body, "<html") || http_mentions(response->body, "<!doctype");
}

/* Nothing of that name, or it is at another server, which has its own turn. */
static bool
is_absent(const struct http_response *response)
{
	return http_is_absence(response->status) ||
	       (response->status >= 300 && response->status < 400);
}

/* The path's own answer beside those of names that nobody can have. */
static enum status
compare(struct hunt *hunt, const struct http_path *path, const struct http_response *response,
    enum manner manner)
{
	struct job *job = hunt->web->job;
	const char *settled = settled_of(job, response, "");
	struct outcome *resources = &hunt->web->resources;
	unsigned port = hunt->web->service->port;
	struct sibling *sibling;
	bool alike = false, lying = false;

	TRY(find_sibling(hunt, path->path, &sibling));
	if (settled == NULL)
		return STATUS_LIMIT;
	if (sibling == NULL || !sibling->heard) {
		outcome_lack(job, resources, "port %u: %s: nothing to compare its answer with",
		    port, path->path);
		return STATUS_OK;
	}
	for (size_t i = 0; i < 2; i++) {
		alike = alike || is_alike(response, settled, sibling, i, manner);
		lying = lying || http_path_shows(path, &sibling->answers[i]);
	}
	/* the sign is a word of its page for errors */
	if (manner == ANSWERS && lying && response->status >= 300)
		manner = is_refusal(hunt, job, response) ? REFUSES : ODD;
	if (manner == ODD && is_absent(response))
		return STATUS_OK;
	if (manner == REFUSES)
		return add_refusal(hunt, path, response, alike);
	if (manner == ODD && !alike)
		outcome_lack(job, resources,
		    "port %u: %s: what its answer of %d means is not known", port, path->path,
		    response->status);
	/* A page that has the sign for any name: nothing is believed; unless it is the one page
	 * that greets every name, which is no answer to any. */
	if (manner == ANSWERS && lying && !(alike && is_page(response)))
		outcome_lack(
		    job, resources, "port %u: it answers any name like %s", port, path->path);
	return manner == ODD || lying ? STATUS_OK : add_answer(hunt, path, response);
}

static enum status
try_path(struct hunt *hunt, const struct http_path *path, bool *left)
{
	struct web *web = hunt->web;
	struct http_response *response = arena_allocate(web->job, sizeof *response);
	struct arena_mark mark = arena_mark(web->job->arena);
	enum status status;
	enum manner manner;

	*left = false;
	if (response == NULL)
		return STATUS_LIMIT;
	status = ask(hunt, path->path, path, response);
	if (fault_is_ours(status))
		return status;
	if (status != STATUS_OK) {
		outcome_lack(web->job, &web->resources, "%s", web->job->reason);
		*left = ++hunt->silent == SILENT_MAX;
		return STATUS_OK;
	}
	hunt->silent = 0;
	hunt->faults = response->status >= 500 ? hunt->faults + 1 : 0;
	*left = hunt->faults == FAULTS_MAX;
	web->resources.tried++;
	manner = http_path_shows(path, response)        ? ANSWERS
		 : is_refusal(hunt, web->job, response) ? REFUSES
							: ODD;
	if (response->unread && response->status == 200)
		outcome_lack(web->job, &web->resources, "port %u: %s is compressed unasked",
		    web->service->port, path->path);
	if (manner == ODD && is_absent(response)) {
		arena_release(web->job->arena, mark);
		return STATUS_OK;
	}
	if (response->status == 401) {
		web->path = path->path;
		TRY(web_add_challenges(web, response));
	}
	TRY(keep_answer(web->job, response));
	return compare(hunt, path, response, manner);
}

/*
 * Is the front page what it was?  Who guesses names may be shut out, and then every name is refused
 * or absent.  The first time, that is learned.
 */
static enum status
look_at_front(struct hunt *hunt, bool *shut_out)
{
	struct http_response *response = arena_allocate(hunt->web->job, sizeof *response);
	struct arena_mark mark = arena_mark(hunt->web->job->arena);
	enum status status;
	int code;

	*shut_out = false;
	if (response == NULL)
		return STATUS_LIMIT;
	status = ask_once(hunt, "/", response);
	if (fault_is_ours(status))
		return status;
	code = status == STATUS_OK ? response->status : 0;
	arena_release(hunt->web->job->arena, mark);
	if (hunt->front == 0)
		hunt->front = code;
	*shut_out = code != hunt->front;
	return STATUS_OK;
}

static bool
is_granted(const struct web *web, const struct http_path *path)
{
	return !path->guess || web->target->granted >= INTRUSION_LOGIN;
}

/* Why the paths after the first `tried` are left alone; NULL: they are not. */
static enum status
reason_to_leave(struct hunt *hunt, size_t tried, bool left, const char **reason)
{
	bool shut_out = false;

	*reason = NULL;
	if (target_time_is_up(hunt->web->target))
		*reason = "time is up";
	else if (left)
		*reason = hunt->faults == FAULTS_MAX ? "nothing but errors of its own"
						     : "it answers no more";
	else if (tried % FRONT_EVERY == 0 || tried == hunt->granted)
		TRY(look_at_front(hunt, &shut_out));
	if (shut_out)
		*reason = "its front page is answered in another way: it may have shut us out";
	return STATUS_OK;
}

enum status
web_find_resources(struct web *web)
{
	struct hunt hunt = {
	    .web = web, .siblings = arena_array(web->job, SIBLINGS_MAX, sizeof *hunt.siblings)};
	const char *reason = NULL;
	size_t tried = 0;
	bool left = false;

	if (hunt.siblings == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < http_path_count; i++)
		hunt.granted += is_granted(web, &http_paths[i]);
	web->resources.required += (int64_t)hunt.granted;
	for (size_t i = 0; i <= http_path_count && reason == NULL; i++) {
		if (i < http_path_count && !is_granted(web, &http_paths[i]))
			continue;
		TRY(reason_to_leave(&hunt, tried, left, &reason));
		if (reason == NULL && i < http_path_count) {
			tried++;
			TRY(try_path(&hunt, &http_paths[i], &left));
		}
	}
	if (reason != NULL)
		outcome_lack(web->job, &web->resources, "port %u: %s, after %zu of %zu paths",
		    web->service->port, reason, tried, hunt.granted);
	if (hunt.refused_alike == 0)
		return STATUS_OK;
	return add_resource(&hunt, "/", "read", true,
	    arena_printf(web->job, "%d, as for any name", hunt.refusal), hunt.exchange);
}
