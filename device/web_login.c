/* The front page tells most: who made it, how it asks people in, and whether that travels in the
 * clear.  What is asked by a script is found, and said not to be understood. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_paths.h"
#include "device/web.h"

#define HOPS_MAX 4 /* redirections within the unit */

enum status
web_get(struct web *web, const char *path, size_t limit, struct http_response *response)
{
	struct http_request request = {.method = "GET",
	    .path = path,
	    .protocol = "HTTP/1.1",
	    .headers = "",
	    .body_limit = limit};

	return http_ask(
	    web->job, web->target, web->service->port, web->service->tls, &request, response);
}

/* What tells the log-ins of a server apart: a form's is where it is sent, and what the page says
 * that is sent to itself: a server may show the same one at every name. */
static const char *
name_of(struct web *web, const char *scheme, const char *realm)
{
	const char *place = NULL, *query;
	size_t size;

	if (web->words != NULL)
		place = web->words;
	else if (strcmp(scheme, "form") == 0 && realm != NULL)
		place = http_resolve(
		    web->job, web->target, web->service->port, web->service->tls, web->path, realm);
	place = place != NULL ? place : realm != NULL ? realm : "";
	if (strcmp(scheme, "form") != 0 || web->words != NULL)
		return arena_printf(web->job, "%s %s", scheme, place);
	/* what follows may be a token of this visit */
	size = strcspn(place, "?;#");
	query = http_settled(web->job, place + size, "");
	return query == NULL ? NULL
			     : arena_printf(web->job, "form %.*s%s", (int)size, place, query);
}

enum status
web_add_login(struct web *web, const char *scheme, const char *realm, bool recognised,
    bool encrypted, int64_t exchange)
{
	struct login login = {.port = web->service->port,
	    .tls = web->service->tls,
	    .recognised = recognised,
	    .protocol = web->protocol,
	    .scheme = scheme,
	    .path = web->path,
	    .interface = web->interface};
	const char *name = name_of(web, scheme, realm);
	const struct login *added = NULL;
	struct fact fact = fact_new(FACT_login_service);

	if (name == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < web->login_count; i++)
		if (strcmp(web->logins[i].name, name) == 0) {
			if (recognised && strcmp(scheme, "form") != 0)
				target_add_place(web->target, web->logins[i].login, web->path);
			return STATUS_OK;
		}
	if (web->login_count == WEB_LOGINS_MAX) {
		outcome_lack(web->job, &web->pages, "port %u: more log-ins than are told apart",
		    web->service->port);
		return STATUS_OK;
	}
	fact.port = login.port;
	fact.exchange = exchange;
	fact.as.login_service.protocol = web->protocol;
	fact.as.login_service.scheme = scheme;
	fact.as.login_service.encrypted = encrypted;
	fact.as.login_service.realm = realm;
	fact.as.login_service.recognised = recognised;
	/* A page that may ask by script is a log-in nobody here can try. */
	if (strcmp(scheme, "none") != 0 || !recognised)
		added = target_add_login(web->target, &login);
	web->logins[web->login_count++] = (struct web_login){.name = name, .login = added};
	return evidence_add(web->evidence, web->job, &fact);
}

/* One row a scheme; a digest that can be had with two algorithms is one log-in. */
enum status
web_add_challenges(struct web *web, const struct http_response *response)
{
	struct http_challenge *challenges =
	    arena_array(web->job, HTTP_CHALLENGES_MAX, sizeof *challenges);
	size_t count;

	if (challenges == NULL)
		return STATUS_LIMIT;
	TRY(http_read_challenges(web->job, response, challenges, &count));
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
		TRY(web_add_login(web, challenges[i].scheme, challenges[i].realm, can,
		    web->service->tls, response->exchange));
	}
	if (count == 0)
		return web_add_login(
		    web, "unknown", NULL, false, web->service->tls, response->exchange);
	return STATUS_OK;
}

/* ---- scripts ---- */

/*
 * Reads the scripts of a page: *place is a log-in one of them names, *meddles
 * that one of them, or one that could not be had, may treat a form its own way.
 */
static enum status
read_scripts(struct web *web, struct span page, const char **place, bool *meddles)
{
	struct http_response *response = arena_allocate(web->job, sizeof *response);
	struct http_scripts *scripts = arena_allocate(web->job, sizeof *scripts);

	*place = NULL;
	*meddles = false;
	if (response == NULL || scripts == NULL)
		return STATUS_LIMIT;
	TRY(http_read_scripts(web->job, page, scripts));
	*meddles = scripts->more;
	for (size_t i = 0; i < scripts->own_count; i++) {
		*meddles = *meddles || http_script_meddles(scripts->own[i]);
		*place = *place != NULL ? *place : http_script_login(scripts->own[i]);
	}
	for (size_t i = 0; i < scripts->address_count; i++) {
		struct arena_mark mark = arena_mark(web->job->arena);
		const char *path = http_resolve(web->job, web->target, web->service->port,
		    web->service->tls, web->path, scripts->addresses[i]);
		enum status status =
		    path == NULL ? STATUS_UNAVAILABLE : web_get(web, path, 0, response);

		if (fault_is_ours(status))
			return status;
		*meddles = *meddles || status != STATUS_OK || response->status != 200 ||
			   response->unread || response->body.size >= HTTP_BODY_MAX_SIZE ||
			   http_script_meddles(response->body);
		if (status == STATUS_OK && *place == NULL)
			*place = http_script_login(response->body);
		arena_release(web->job->arena, mark);
	}
	return STATUS_OK;
}

/* Of two in one page, the first is tried; a form that asks for a new password is none. */
static enum status
look_for_second(struct web *web, const struct http_form *form)
{
	struct http_form second;

	TRY(http_read_form(web->job, form->rest, &second));
	if (second.asks_password && second.password_count == 1 && !http_same_form(form, &second))
		outcome_lack(web->job, &web->links,
		    "port %u: a page has two log-in forms: try the second by hand",
		    web->service->port);
	return STATUS_OK;
}

/* A form that a script may send in another way is a log-in nobody here can try. */
static enum status
add_form(struct web *web, const struct http_response *response, const struct http_form *form)
{
	bool meddles = false, known = http_form_is_known(form);
	const char *place = NULL;
	enum status status;

	if (!known && (form->usable || web->interface_count > 0))
		TRY(read_scripts(web, response->body, &place, &meddles));
	TRY(web_add_cookies(web, response));
	TRY(look_for_second(web, form));
	/* A form that only a script can send, by an interface that is known: its log-in is there.
	 */
	if (!form->usable && web_asks_by_interface(web, place))
		return STATUS_OK;
	if (form->action != NULL && form->action[0] == '\0') {
		web->words = http_words(web->job, response->body);
		web->words = web->words == NULL ? NULL : http_settled(web->job, web->words, "");
		if (web->words == NULL)
			return STATUS_LIMIT;
	}
	status = web_add_login(web, "form", form->action, form->usable && !meddles,
	    web->service->tls, response->exchange);
	web->words = NULL;
	return status;
}

/* ---- pages behind the front page ---- */

/* One page and one redirection; a page that cannot be had shows no log-in. */
static enum status
fetch(struct web *web, struct http_response *response)
{
	for (unsigned hop = 0; hop < 2; hop++) {
		const char *location, *path;
		size_t from = 0;
		enum status status = web_get(web, web->path, 0, response);

		if (status != STATUS_OK)
			response->status = 0;
		if (fault_is_ours(status) || response->status < 300 || response->status >= 400)
			return fault_is_ours(status) ? status : STATUS_OK;
		location = http_header(response, "Location", &from);
		path = location == NULL ? NULL
					: http_resolve(web->job, web->target, web->service->port,
					      web->service->tls, web->path, location);
		if (path == NULL)
			break;
		web->path = path;
	}
	response->status = 0;
	return STATUS_OK;
}

/* A log-in behind a link; the same one behind several counts once. */
enum status
web_follow(struct web *web, struct http_response *response)
{
	struct http_form form;

	TRY(fetch(web, response));
	if (response->status == 401)
		return web_add_challenges(web, response);
	TRY(http_read_form(web->job, response->body, &form));
	return response->status != 0 && form.asks_password ? add_form(web, response, &form)
							   : STATUS_OK;
}

/* ---- the front page ---- */

static enum status
add_page_login(struct web *web, const struct http_response *response)
{
	struct http_form form;
	bool scripted = http_mentions(response->body, "<script") ||
			http_mentions(response->body, "password") ||
			http_mentions(response->body, "login"),
	     meddles;
	size_t before = web->login_count;
	const char *place = NULL;

	TRY(http_read_form(web->job, response->body, &form));
	if (form.asks_password) {
		TRY(add_form(web, response, &form));
		return web_follow_links(web, response->body, form.action);
	}
	TRY(web_follow_links(web, response->body, NULL));
	if (web->login_count > before && !scripted)
		return STATUS_OK;
	web->absent = web->login_count == 0 && http_is_absence(response->status) && !scripted;
	web->bare = web->bare || (web->login_count == 0 && !web->absent);
	if (scripted)
		TRY(read_scripts(web, response->body, &place, &meddles));
	if (web_asks_by_interface(web, place))
		return STATUS_OK;
	if (place != NULL)
		return web_add_login(
		    web, "script", place, false, web->service->tls, response->exchange);
	return web_add_login(web, "none", NULL, !scripted, web->service->tls, response->exchange);
}

static enum status
judge_page(struct web *web, const struct http_response *response)
{
	TRY(web_add_disclosures(web, response));
	TRY(web_add_headers(web, response));
	TRY(web_add_cookies(web, response));
	if (response->unread || response->cut) {
		outcome_lack(web->job, &web->pages, "port %u: its page %s", web->service->port,
		    response->unread ? "is compressed unasked" : "did not come whole");
		return web_add_login(
		    web, "unknown", NULL, false, web->service->tls, response->exchange);
	}
	if (response->status == 401) {
		TRY(web_add_challenges(web, response));
		return web_follow_links(web, response->body, NULL);
	}
	if (response->status >= 400 && (http_mentions(response->body, "SSL certificate") ||
					   http_mentions(response->body, "client certificate")))
		return web_add_login(
		    web, "certificate", NULL, false, web->service->tls, response->exchange);
	return add_page_login(web, response);
}

/* Sent away to the other scheme: what is asked there is asked of that service. */
static enum status
judge_sent_away(struct web *web, const struct http_response *response, bool secure)
{
	web->sent_on = web->sent_on || secure;
	web->sent_back = web->sent_back || !secure;
	TRY(web_add_disclosures(web, response));
	TRY(web_add_headers(web, response));
	return web_add_login(web, "none", secure ? "sends on to https" : "sends back to http", true,
	    secure, response->exchange);
}

enum status
web_find_logins(struct web *web)
{
	struct http_response *response = arena_allocate(web->job, sizeof *response);

	web->path = "/";
	if (response == NULL)
		return STATUS_LIMIT;
	for (unsigned hop = 0; hop < HOPS_MAX; hop++) {
		const char *location, *path;
		size_t from = 0;

		TRY(web_get(web, web->path, 0, response));
		if (response->status < 300 || response->status >= 400)
			return judge_page(web, response);
		TRY(web_add_cookies(web, response));
		location = http_header(response, "Location", &from);
		if (location != NULL && !web->service->tls &&
		    strncasecmp(location, "https://", 8) == 0)
			return judge_sent_away(web, response, true);
		if (location != NULL && web->service->tls &&
		    strncasecmp(location, "http://", 7) == 0)
			return judge_sent_away(web, response, false);
		path = location == NULL ? NULL
					: http_resolve(web->job, web->target, web->service->port,
					      web->service->tls, web->path, location);
		if (path == NULL)
			return judge_page(web, response);
		web->path = path;
	}
	outcome_lack(web->job, &web->pages, "port %u: it sends on without end", web->service->port);
	return web_add_login(web, "unknown", NULL, false, web->service->tls, response->exchange);
}
