/* What a page leads to: links, frames, and scripts that send the visitor on. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_page.h"
#include "device/http_tags.h"

#define JUMPS_MAX 32

/* What no log-in page is: fetching it would be a question wasted. */
static bool
is_asset(const char *link)
{
	static const char *const endings[] = {".css", ".js", ".png", ".jpg", ".jpeg", ".gif",
	    ".svg", ".ico", ".woff", ".woff2", ".ttf"};
	size_t size = strcspn(link, "?#");

	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		size_t ending = strlen(endings[i]);

		if (size >= ending && strncasecmp(link + size - ending, endings[i], ending) == 0)
			return true;
	}
	return false;
}

/* Stands the word at `at` within a longer one that means something else? */
static bool
is_harmless(const char *link, const char *at)
{
	static const struct {
		const char *word;
		size_t before; /* letters of it that stand before the deed's */
	} harmless[] = {{"inform", 2}, {"preset", 1}};

	for (size_t i = 0; i < ARRAY_SIZE(harmless); i++)
		if ((size_t)(at - link) >= harmless[i].before &&
		    strncasecmp(
			at - harmless[i].before, harmless[i].word, strlen(harmless[i].word)) == 0)
			return true;
	return false;
}

/* A visitor's question must not do what a button would, however it is spelt: "sysReboot.cgi". */
bool
http_is_deed(const char *link)
{
	static const char *const deeds[] = {"reboot", "restart", "reset", "delete", "remove",
	    "erase", "format", "upgrade", "shutdown", "poweroff", "logout", "apply", "restore",
	    "factory", "clear", "wipe", "purge"};

	for (size_t i = 0; i < ARRAY_SIZE(deeds); i++)
		for (const char *at = strcasestr(link, deeds[i]); at != NULL;
		     at = strcasestr(at + 1, deeds[i]))
			if (!is_harmless(link, at))
				return true;
	return false;
}

/* The address a tag leads to; NULL. */
static const char *
link_of(struct job *job, const struct tag *tag)
{
	static const char *const names[] = {"href", "src", "action"};
	const char *content, *url;

	/* what is posted there is no page to be asked for */
	if (tag_is(tag->name, "form") && tag_is(tag_attribute(tag, "method"), "post"))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (tag_attribute(tag, names[i]).size > 0)
			return tag_text(job, tag_attribute(tag, names[i]));
	if (!tag_is(tag->name, "meta") || !tag_is(tag_attribute(tag, "http-equiv"), "refresh"))
		return NULL;
	content = tag_text(job, tag_attribute(tag, "content"));
	url = content == NULL ? NULL : strcasestr(content, "url=");
	return url == NULL ? NULL : url + 4;
}

/* Where `location = "…"` in a script sends the visitor; *rest then begins behind it. NULL at its
 * end. */
static const char *
next_jump(struct job *job, struct span *rest)
{
	for (unsigned i = 0; i < JUMPS_MAX; i++) {
		size_t at = span_find(*rest, "location", 8, 0), size = 0;
		char quote[2] = {0};

		if (at == SIZE_MAX)
			return NULL;
		*rest = span_from(*rest, at + 8);
		while (size < rest->size && size < 24 &&
		       (isalpha(rest->at[size]) || strchr(".=( ", rest->at[size]) != NULL))
			size++;
		if (size == 0 || size >= rest->size ||
		    (rest->at[size] != '"' && rest->at[size] != '\'') ||
		    memchr(rest->at, '=', size) == memchr(rest->at, '(', size))
			continue;
		quote[0] = (char)rest->at[size];
		*rest = span_from(*rest, size + 1);
		size = span_find(*rest, quote, 1, 0);
		if (size == SIZE_MAX || size == 0 || size > 500)
			continue;
		return tag_text(job, span_part(*rest, 0, size));
	}
	return NULL;
}

static void
keep_link(const char *link, const char **links, size_t room, size_t *count)
{
	bool known = link == NULL || link[0] == '\0' || is_asset(link);

	for (size_t j = 0; j < *count && !known; j++)
		known = strcmp(links[j], link) == 0;
	if (!known && *count < room)
		links[(*count)++] = link;
}

enum status
http_read_links(struct job *job, struct span page, const char **links, size_t room, size_t *count)
{
	struct tag *tag = arena_allocate(job, sizeof *tag);
	struct span rest = page;

	*count = 0;
	if (tag == NULL)
		return STATUS_LIMIT;
	for (unsigned i = 0; i < TAGS_MAX && *count < room && tag_next(&rest, tag); i++) {
		struct span script = tag->script;
		const char *jump;

		if (!tag_is(tag->name, "script"))
			keep_link(link_of(job, tag), links, room, count);
		for (unsigned n = 0; n < JUMPS_MAX && (jump = next_jump(job, &script)) != NULL; n++)
			keep_link(jump, links, room, count);
	}
	return STATUS_OK;
}

const char *
http_title(struct job *job, struct span page)
{
	struct tag *tag = arena_allocate(job, sizeof *tag);
	struct span rest = page;

	for (unsigned i = 0; tag != NULL && i < TAGS_MAX && tag_next(&rest, tag); i++) {
		size_t end;

		if (!tag_is(tag->name, "title"))
			continue;
		rest = span_from(rest, 1);
		end = span_find(rest, "<", 1, 0);
		return end == SIZE_MAX || end == 0 ? NULL : tag_text(job, span_part(rest, 0, end));
	}
	return NULL;
}

/* Another document of the same place, as browsers resolve it: RFC 3986 section 5. */
static const char *
resolve_relative(struct job *job, const char *path, const char *link)
{
	size_t size = strcspn(path, "?#");

	if (link[0] == '?')
		return arena_printf(job, "%.*s%s", (int)size, path, link);
	while (size > 0 && path[size - 1] != '/')
		size--;
	for (;;) {
		if (text_starts_with(link, "./")) {
			link += 2;
		} else if (text_starts_with(link, "../")) {
			link += 3;
			size -= size > 1 ? 1 : 0;
			while (size > 1 && path[size - 1] != '/')
				size--;
		} else {
			break;
		}
	}
	return arena_printf(job, "%.*s%s%s", (int)size, path, size == 0 ? "/" : "", link);
}

/* What follows the origin in an absolute address of the same one; NULL. */
static const char *
after_origin(const struct target *target, uint16_t port, bool tls, const char *link)
{
	const char *scheme = tls ? "https" : "http", *at = link + strlen(scheme) + 3;
	size_t host = strlen(target->address);
	bool bracket;
	unsigned said = tls ? 443 : 80;

	if (strncasecmp(link, scheme, strlen(scheme)) != 0 ||
	    strncmp(link + strlen(scheme), "://", 3) != 0)
		return NULL;
	bracket = at[0] == '[';
	at += bracket ? 1 : 0;
	if (strncasecmp(at, target->address, host) != 0)
		return NULL;
	at += host + (bracket ? 1 : 0);
	if (at[0] == ':')
		for (said = 0, at++; isdigit((unsigned char)*at) && said < PORT_COUNT; at++)
			said = said * 10 + (unsigned)(*at - '0');
	if (at[0] == '\0')
		at = "/";
	/* An address without a port means this server where it was named so by its own pages. */
	return at[0] == '/' && (said == port || said == (tls ? 443 : 80)) ? at : NULL;
}

const char *
http_resolve(struct job *job, const struct target *target, uint16_t port, bool tls,
    const char *path, const char *link)
{
	const char *found = NULL;

	if (link[0] == '#')
		return NULL;
	if (link[0] == '\0')
		found = path;
	else if (link[0] == '/' && link[1] != '/')
		found = link;
	else if (link[0] != '/' && link[strcspn(link, ":/?#")] != ':')
		found = resolve_relative(job, path, link);
	else
		found = after_origin(target, port, tls, link);
	if (found == NULL)
		return NULL;
	found = arena_string(job, found, strcspn(found, "#"));
	return found == NULL || strpbrk(found, " \t\r\n\"\\") != NULL || strlen(found) > 1000
		   ? NULL
		   : found;
}
