/* What names that nobody can have come to, for each folder and ending. */
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "device/web_hunt.h"

enum status
hunt_ask_once(struct hunt *hunt, const char *path, struct http_response *response)
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

enum status
hunt_ask(struct hunt *hunt, const char *path, const struct http_path *wanted,
    struct http_response *response)
{
	const char *place;

	hunt->sent_to_login = false;
	TRY(hunt_ask_once(hunt, path, response));
	place = place_of(hunt, path, response);
	if (place == NULL || (wanted != NULL && http_path_shows(wanted, response)))
		return STATUS_OK;
	hunt->sent_to_login = strcasestr(place, "login") != NULL;
	return hunt_ask_once(hunt, place, response);
}

const char *
hunt_settled(struct job *job, const struct http_response *response, const char *name)
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
		status = hunt_ask(hunt, other, NULL, &sibling->answers[i]);
		if (fault_is_ours(status))
			return status;
		sibling->heard = sibling->heard && status == STATUS_OK;
		if (!sibling->heard)
			return STATUS_OK;
		sibling->settled[i] = hunt_settled(job, &sibling->answers[i], name);
		if (sibling->settled[i] == NULL)
			return STATUS_LIMIT;
	}
	return STATUS_OK;
}

enum status
hunt_find_sibling(struct hunt *hunt, const char *path, struct sibling **found)
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
