/* The front page tells most: who made it, how it asks people in, and whether that travels in the
 * clear. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_client.h"
#include "device/probe.h"

#define HOPS_MAX 4  /* redirections within the unit */
#define LINKS_MAX 5 /* pages followed from the front page */
#define LINKS_READ 64

struct page_talk {
	struct job *job;
	struct target *target;
	struct evidence *evidence;
	struct outcome outcome;
	const struct service *service;
	const char *protocol;
	const char *path;
	bool sent_on; /* some server sends on to HTTPS */
	bool bare;    /* some server shows no log-in */
};

static bool
has_digit(const char *text)
{
	return strpbrk(text, "0123456789") != NULL;
}

static enum status
add_disclosure(struct page_talk *talk, const char *type, const char *value, int64_t exchange)
{
	struct fact fact = fact_new(FACT_disclosure);

	if (value == NULL || value[0] == '\0')
		return STATUS_OK;
	fact.port = talk->service->port;
	fact.exchange = exchange;
	fact.as.disclosure.protocol = talk->protocol;
	fact.as.disclosure.type = type;
	fact.as.disclosure.value = value;
	return evidence_add(talk->evidence, talk->job, &fact);
}

static enum status
add_disclosures(struct page_talk *talk, const struct http_response *response)
{
	static const char *const telling[] = {"Server", "X-Powered-By"};
	const char *title = http_title(talk->job, response->body);

	for (size_t i = 0; i < ARRAY_SIZE(telling); i++) {
		size_t from = 0;
		const char *value = http_header(response, telling[i], &from);

		if (value != NULL)
			TRY(add_disclosure(talk, has_digit(value) ? "version" : "banner", value,
			    response->exchange));
	}
	if (title != NULL && response->status == 200)
		TRY(add_disclosure(
		    talk, has_digit(title) ? "version" : "model", title, response->exchange));
	return STATUS_OK;
}

static enum status
add_login(struct page_talk *talk, const char *scheme, const char *realm, bool recognised,
    bool encrypted, int64_t exchange)
{
	struct login login = {.port = talk->service->port,
	    .tls = talk->service->tls,
	    .recognised = recognised,
	    .protocol = talk->protocol,
	    .scheme = scheme,
	    .path = talk->path};
	struct fact fact = fact_new(FACT_login_service);

	fact.port = login.port;
	fact.exchange = exchange;
	fact.as.login_service.protocol = talk->protocol;
	fact.as.login_service.scheme = scheme;
	fact.as.login_service.encrypted = encrypted;
	fact.as.login_service.realm = realm;
	fact.as.login_service.recognised = recognised;
	/* A page that may ask by script is a log-in nobody here can try. */
	if (strcmp(scheme, "none") != 0 || !recognised)
		target_add_login(talk->target, &login);
	return evidence_add(talk->evidence, talk->job, &fact);
}

/* One row a scheme; a digest that can be had with two algorithms is one log-in. */
static enum status
add_challenges(struct page_talk *talk, const struct http_response *response)
{
	struct http_challenge *challenges =
	    arena_array(talk->job, HTTP_CHALLENGES_MAX, sizeof *challenges);
	size_t count;

	if (challenges == NULL)
		return STATUS_LIMIT;
	TRY(http_read_challenges(talk->job, response, challenges, &count));
	for (size_t i = 0; i < count; i++) {
		bool told = false, can = http_can_answer(&challenges[i]);

		for (size_t j = 0; j < count; j++) {
			told = told ||
			       (j < i && strcmp(challenges[j].scheme, challenges[i].scheme) == 0);
			can = can || (strcmp(challenges[j].scheme, challenges[i].scheme) == 0 &&
					 http_can_answer(&challenges[j]));
		}
		if (told)
			continue;
		TRY(add_login(talk, challenges[i].scheme, challenges[i].realm, can,
		    talk->service->tls, response->exchange));
		TRY(add_disclosure(talk, "realm", challenges[i].realm, response->exchange));
	}
	if (count == 0)
		return add_login(
		    talk, "unknown", NULL, false, talk->service->tls, response->exchange);
	return STATUS_OK;
}

static bool
mentions(struct span page, const char *word)
{
	size_t size = strlen(word);

	for (size_t i = 0; i + size <= page.size; i++)
		if (strncasecmp((const char *)page.at + i, word, size) == 0)
			return true;
	return false;
}

/* Where a redirection leads: a path of the same service, or NULL with *secure when it is to HTTPS.
 */
static const char *
next_path(struct job *job, const struct http_response *response, bool *secure)
{
	size_t from = 0;
	const char *location = http_header(response, "Location", &from), *path;

	*secure = false;
	if (location == NULL)
		return NULL;
	*secure = strncasecmp(location, "https://", 8) == 0;
	if (location[0] == '/' && location[1] != '/')
		return location;
	if (strncasecmp(location, "http://", 7) != 0)
		return strstr(location, "://") == NULL && location[0] != '/'
			   ? arena_printf(job, "/%s", location)
			   : NULL;
	path = strchr(location + 7, '/');
	return path == NULL ? "/" : path;
}

/* The path of a link of this page, when it leads to the same service; NULL. */
static const char *
same_service(const struct page_talk *talk, const char *link)
{
	const char *slash = strrchr(talk->path, '/'), *path = NULL;
	char *whole = arena_printf(talk->job, "%s://%s/", talk->protocol, talk->target->address);
	char *with_port = arena_printf(
	    talk->job, "%s://%s:%u/", talk->protocol, talk->target->address, talk->service->port);

	if (whole == NULL || with_port == NULL)
		return NULL;
	if (strncasecmp(link, whole, strlen(whole)) == 0)
		path = link + strlen(whole) - 1;
	else if (strncasecmp(link, with_port, strlen(with_port)) == 0)
		path = link + strlen(with_port) - 1;
	else if (link[0] == '/' && link[1] != '/')
		path = link;
	else if (link[0] != '/' && link[0] != '#' && link[strcspn(link, ":/?#")] != ':')
		path = arena_printf(talk->job, "%.*s/%s",
		    (int)(slash == NULL ? 0 : slash - talk->path), talk->path, link);
	if (path == NULL)
		return NULL;
	path = arena_string(talk->job, path, strcspn(path, "#"));
	return path == NULL || strpbrk(path, " \t\r\n") != NULL ? NULL : path;
}

static bool
is_ours(enum status status)
{
	return status == STATUS_LIMIT || status == STATUS_FAULT || status == STATUS_IO;
}

/* One page and one redirection; a page that cannot be had shows no log-in. */
static enum status
fetch(struct page_talk *talk, struct http_response *response)
{
	struct http_request request = {.method = "GET", .protocol = "HTTP/1.1", .headers = ""};

	for (unsigned hop = 0; hop < 2; hop++) {
		const char *path;
		bool secure;
		enum status status;

		request.path = talk->path;
		status = http_ask(talk->job, talk->target, talk->service->port, talk->service->tls,
		    &request, response);
		if (status != STATUS_OK)
			response->status = 0;
		if (is_ours(status) || response->status < 300 || response->status >= 400)
			return is_ours(status) ? status : STATUS_OK;
		path = next_path(talk->job, response, &secure);
		if (path == NULL || (secure && !talk->service->tls) ||
		    strpbrk(path, " \r\n") != NULL)
			break;
		talk->path = path;
	}
	response->status = 0;
	return STATUS_OK;
}

/* What tells a page's log-in from those seen before; NULL when it shows none. */
static enum status
name_login(struct page_talk *talk, const struct http_response *response, struct http_form *form,
    const char **name)
{
	struct http_challenge *challenges =
	    arena_array(talk->job, HTTP_CHALLENGES_MAX, sizeof *challenges);
	size_t count = 0;

	*name = NULL;
	if (challenges == NULL)
		return STATUS_LIMIT;
	TRY(http_read_form(talk->job, response->body, form));
	if (response->status == 401)
		TRY(http_read_challenges(talk->job, response, challenges, &count));
	if (response->status == 401)
		*name = arena_printf(talk->job, "401 %s %s", count == 0 ? "" : challenges[0].scheme,
		    count == 0 || challenges[0].realm == NULL ? "" : challenges[0].realm);
	else if (response->status != 0 && form->asks_password)
		*name =
		    arena_printf(talk->job, "form %s", form->action == NULL ? "" : form->action);
	else
		return STATUS_OK;
	return *name == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* A log-in behind a link of a page that shows none; the same one behind several counts once. */
static enum status
follow(struct page_talk *talk, struct http_response *response, const char **seen, size_t *count)
{
	struct http_form form;
	const char *name;

	TRY(fetch(talk, response));
	TRY(name_login(talk, response, &form, &name));
	if (name == NULL)
		return STATUS_OK;
	for (size_t i = 0; i < *count; i++)
		if (strcmp(seen[i], name) == 0)
			return STATUS_OK;
	seen[(*count)++] = name;
	if (response->status == 401)
		return add_challenges(talk, response);
	return add_login(
	    talk, "form", form.action, form.usable, talk->service->tls, response->exchange);
}

static enum status
follow_links(struct page_talk *talk, struct span page, size_t *found)
{
	const char *links[LINKS_READ], *paths[LINKS_MAX], *seen[LINKS_MAX];
	const char *front = talk->path;
	struct http_response *response = arena_allocate(talk->job, sizeof *response);
	size_t link_count, path_count = 0;

	*found = 0;
	if (response == NULL)
		return STATUS_LIMIT;
	TRY(http_read_links(talk->job, page, links, ARRAY_SIZE(links), &link_count));
	for (size_t i = 0; i < link_count && path_count < LINKS_MAX; i++) {
		const char *path = same_service(talk, links[i]);
		bool known = path == NULL || strcmp(path, "/") == 0 || strcmp(path, front) == 0;

		for (size_t j = 0; j < path_count && !known; j++)
			known = strcmp(paths[j], path) == 0;
		if (!known)
			paths[path_count++] = path;
	}
	for (size_t i = 0; i < path_count; i++) {
		talk->path = paths[i];
		TRY(follow(talk, response, seen, found));
	}
	talk->path = front;
	return STATUS_OK;
}

static enum status
add_page_login(struct page_talk *talk, const struct http_response *response)
{
	struct http_form form;
	bool scripted = mentions(response->body, "<script") ||
			mentions(response->body, "password") || mentions(response->body, "login");
	size_t found;

	TRY(http_read_form(talk->job, response->body, &form));
	if (form.asks_password)
		return add_login(
		    talk, "form", form.action, form.usable, talk->service->tls, response->exchange);
	TRY(follow_links(talk, response->body, &found));
	if (found > 0 && !scripted)
		return STATUS_OK;
	talk->bare = talk->bare || found == 0;
	return add_login(talk, "none", NULL, !scripted, talk->service->tls, response->exchange);
}

static enum status
judge_page(struct page_talk *talk, const struct http_response *response)
{
	TRY(add_disclosures(talk, response));
	if (response->status == 401)
		return add_challenges(talk, response);
	return add_page_login(talk, response);
}

static enum status
visit(struct page_talk *talk)
{
	struct http_request request = {.method = "GET", .protocol = "HTTP/1.1", .headers = ""};
	struct http_response *response = arena_allocate(talk->job, sizeof *response);

	talk->path = "/";
	if (response == NULL)
		return STATUS_LIMIT;
	for (unsigned hop = 0; hop < HOPS_MAX; hop++) {
		const char *path;
		bool secure;

		request.path = talk->path;
		TRY(http_ask(talk->job, talk->target, talk->service->port, talk->service->tls,
		    &request, response));
		if (response->status < 300 || response->status >= 400)
			return judge_page(talk, response);
		path = next_path(talk->job, response, &secure);
		/* Sent away to HTTPS: nothing is asked in the clear here. */
		if (secure && !talk->service->tls) {
			talk->sent_on = true;
			TRY(add_disclosures(talk, response));
			return add_login(
			    talk, "none", "sends on to https", true, true, response->exchange);
		}
		if (path == NULL || strpbrk(path, " \r\n") != NULL)
			return judge_page(talk, response);
		talk->path = path;
	}
	return judge_page(talk, response);
}

static enum status
talk_http(struct job *job, struct target *target, struct evidence *evidence)
{
	struct page_talk talk = {.job = job,
	    .target = target,
	    .evidence = evidence,
	    .outcome = {.lack = target->services_lack, .required = UNKNOWN, .tried = UNKNOWN}};
	bool secure = false;

	for (size_t i = 0; i < target->service_count; i++) {
		enum status status;

		secure = secure || strcmp(target->services[i].name, "https") == 0;

		talk.service = &target->services[i];
		talk.protocol = talk.service->name;
		if (strcmp(talk.protocol, "http") != 0 && strcmp(talk.protocol, "https") != 0)
			continue;
		status = visit(&talk);
		if (is_ours(status))
			return status;
		if (status != STATUS_OK)
			outcome_lack(job, &talk.outcome, "%s", job->reason);
	}
	if (talk.outcome.lack != NULL && target->logins_lack == NULL)
		target->logins_lack = talk.outcome.lack;
	/* Where a log-in is hidden, a person must find it. */
	if ((talk.bare || (talk.sent_on && !secure)) && target->logins_lack == NULL)
		target->logins_lack = "a web server shows no log-in: log in by hand";
	TRY(outcome_look(job, &talk.outcome, evidence, FACT_login_service));
	return outcome_look(job, &talk.outcome, evidence, FACT_disclosure);
}

const struct probe probe_http = {
    .name = "http",
    .title = "How web servers ask for a log-in, and what they tell before it",
    .source = "RFC 9110, RFC 7617, RFC 7616",
    .looks_for = {"login_service", "disclosure"},
    .needs = "ports",
    .speaks = "http,https",
    .intrusion = INTRUSION_OBSERVE,
    .limit_ms = 3 * 60 * 1000,
    .talk = talk_http,
};
