/* Where a front page leads: a log-in may stand behind a link. */
#include <string.h>

#include "base/arena.h"
#include "device/web.h"

#define LINKS_MAX 12 /* pages followed from the front page */
#define LINKS_READ 64

static bool
sounds_like_login(const char *path)
{
	static const char *const words[] = {"login", "logon", "signin", "auth", "admin"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasestr(path, words[i]) != NULL)
			return true;
	return false;
}

static void
note_more_links(struct web *web)
{
	outcome_lack(
	    web->job, &web->links, "port %u: more links than were followed", web->service->port);
}

/* Nobody does a deed for the sake of a look; but a log-in may stand there. */
static bool
is_deed(struct web *web, const char *path)
{
	if (!http_is_deed(path))
		return false;
	if (sounds_like_login(path) && strcasestr(path, "logout") == NULL)
		outcome_lack(web->job, &web->links,
		    "port %u: %s sounds like a deed and was not asked for: look whether it is a "
		    "log-in",
		    web->service->port, path);
	return true;
}

/* The first of the links, those that sound like a log-in before the others; not where the page's
 * own form is sent. */
static enum status
choose_links(
    struct web *web, struct span page, const char *sent_to, const char **paths, size_t *count)
{
	const char *links[LINKS_READ];
	size_t link_count;

	*count = 0;
	TRY(http_read_links(web->job, page, links, ARRAY_SIZE(links), &link_count));
	if (link_count == ARRAY_SIZE(links))
		note_more_links(web);
	for (size_t i = 0; link_count > 0 && i < 2 * link_count; i++) {
		const char *path = http_resolve(web->job, web->target, web->service->port,
		    web->service->tls, web->path, links[i % link_count]);
		bool known = path == NULL || strcmp(path, "/") == 0 || strcmp(path, web->path) == 0;

		for (size_t j = 0; j < *count && !known; j++)
			known = strcmp(paths[j], path) == 0;
		if (known || (sent_to != NULL && strcmp(sent_to, path) == 0) ||
		    (i < link_count && !sounds_like_login(path)) || is_deed(web, path))
			continue;
		if (*count == LINKS_MAX) {
			note_more_links(web);
			break;
		}
		paths[(*count)++] = path;
	}
	return STATUS_OK;
}

enum status
web_follow_links(struct web *web, struct span page, const char *action)
{
	const char *paths[LINKS_MAX], *front = web->path;
	const char *sent_to = action == NULL
				  ? NULL
				  : http_resolve(web->job, web->target, web->service->port,
					web->service->tls, front, action);
	struct http_response *response = arena_allocate(web->job, sizeof *response);
	size_t count;

	if (response == NULL)
		return STATUS_LIMIT;
	TRY(choose_links(web, page, sent_to, paths, &count));
	for (size_t i = 0; i < count; i++) {
		web->path = paths[i];
		TRY(web_follow(web, response));
	}
	web->path = front;
	return STATUS_OK;
}
