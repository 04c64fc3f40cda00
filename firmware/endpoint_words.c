/* Most addresses in programs are for people to read: what stands around them tells. */
#include "firmware/endpoint_words.h"

#include <string.h>

#include "base/text.h"
#include "firmware/endpoint.h"
#include "firmware/reading.h"

#define BEFORE ((size_t)256) /* bytes before an address that are looked at */
#define BLOCK ((size_t)4096) /* and for the beginning of a comment of many lines */
#define AFTER ((size_t)128)  /* and behind where it begins */

struct span
endpoint_before(const struct endpoint_place *place, size_t at)
{
	struct span content = place->content;
	size_t start = at;

	while (start > 0 && at - start < BEFORE &&
	       (content.at[start - 1] >= ' ' || content.at[start - 1] == '\t') &&
	       content.at[start - 1] != 0x7f)
		start--;
	return span_part(content, start, at - start);
}

struct span
endpoint_around(const struct endpoint_place *place, size_t at)
{
	struct span front = endpoint_before(place, at), content = place->content;
	size_t end = at;

	while (end < content.size && end - at < AFTER && content.at[end] >= ' ' &&
	       content.at[end] < 0x7f)
		end++;
	return span_part(content, at - front.size, end - at + front.size);
}

static bool
is_code(struct span content, const char *name)
{
	struct span rest = content, line = {0};

	if (text_ends_with(name, ".lua") || text_ends_with(name, ".py"))
		return true;
	line_next(&rest, &line);
	return span_begins(line, "#!") && span_find(line, "sh", 2, 0) == SIZE_MAX;
}

bool
endpoint_is_page(const char *name)
{
	static const char *const endings[] = {".html", ".htm", ".js", ".asp", ".php", ".jsp"};

	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (text_ends_with(name, endings[i]))
			return true;
	return false;
}

struct endpoint_place
endpoint_place_of(struct span content, const char *name)
{
	struct endpoint_place place = {.content = content, .name = name};

	place.text = span_looks_like_text(content) && !text_ends_with(name, ".bin");
	place.script = place.text && span_begins(content, "#!");
	place.page = place.text && endpoint_is_page(name);
	place.code = place.page || (place.text && is_code(content, name));
	return place;
}

/* Behind "<!--" of the lines before, and before its "-->". */
static bool
in_block(const struct endpoint_place *place, size_t at)
{
	size_t least = at < BLOCK ? 0 : at - BLOCK;

	/* a page hides its scripts so from old browsers */
	if (!text_ends_with(place->name, ".xml"))
		return false;
	for (size_t i = at; i >= least + 2; i--) {
		if (i > 2 && place->content.at[i - 1] == '>' && place->content.at[i - 2] == '-' &&
		    place->content.at[i - 3] == '-')
			return false;
		if (place->content.at[i - 1] == '!' && place->content.at[i - 2] == '<')
			return i + 1 < at && place->content.at[i] == '-' &&
			       place->content.at[i + 1] == '-';
	}
	return false;
}

bool
endpoint_in_comment(const struct endpoint_place *place, size_t at)
{
	static const char *const marks[] = {"#", ";", "//", "* ", "<!--", "%%"};
	struct span line = span_trim(endpoint_before(place, at));
	bool lua = text_ends_with(place->name, ".lua");

	if (!place->text)
		return false;
	if (in_block(place, at))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (span_begins(line, marks[i]))
			return true;
	if (lua && span_find(line, "--", 2, 0) != SIZE_MAX)
		return true;
	return span_find(line, " # ", 3, 0) != SIZE_MAX;
}

/* The last word, without what stands around it. */
static struct span
last_word(struct span bytes)
{
	size_t start;

	while (bytes.size != 0 && strchr(" \t:,.<(\"'`", bytes.at[bytes.size - 1]) != NULL)
		bytes.size--;
	start = bytes.size;
	while (start > 0 && strchr(" \t(\"'<>=,", bytes.at[start - 1]) == NULL)
		start--;
	return span_from(bytes, start);
}

/* Does a command or a verb of a protocol stand there? */
static bool
has_command(struct span bytes)
{
	static const char *const commands[] = {"wget", "curl", "fetch", "ftpget", "tftp", "uclient",
	    "get ", "post ", "put ", "connect", "url", "server", "host", "opkg", "download",
	    "mosquitto", "aria2", "rsync", "scp ", "deb ", "src/gz"};

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (endpoint_has_word(bytes, commands[i]))
			return true;
	return false;
}

static bool
path_is_for_reading(struct span url)
{
	static const char *const parts[] = {"/doc", "/wiki", "/man/", "/faq", "/howto", "/license",
	    "/licence", "/help", "/manual", "/bugs", "/issues", "bug-report", "/copyright",
	    "/software/", "/trac/", "/support"};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (endpoint_has_word(url, parts[i]))
			return true;
	return memchr(url.at, '#', url.size) != NULL || span_ends(url, ".html") ||
	       span_ends(url, ".htm") || span_ends(url, ".txt") || span_ends(url, ".pdf");
}

/* Does the name of the value say that it is for people? */
static bool
is_named_for_people(struct span front)
{
	static const char *const names[] = {"link=", "debuginfourl", "homepage", "bugtracker",
	    "documentation=", "privacyuri", "manufacturer", "modelurl", "<url type="};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (endpoint_has_word(front, names[i]))
			return true;
	return false;
}

/* A maker's front page: what UPnP descriptions and banners name. */
static bool
is_front_page(
    const struct endpoint_place *place, struct span front, struct span host, struct span url)
{
	size_t end = (size_t)(host.at - url.at) + host.size;
	struct span path = span_from(url, end);
	bool assigned = front.size != 0 && strchr("=\"'", front.at[front.size - 1]) != NULL;

	if (path.size > 1 || (path.size == 1 && path.at[0] != '/'))
		return false;
	return span_begins(host, "www.") && (place->page || !place->text || !assigned);
}

/* The name before '=' whose quoted value the address stands in; empty when there is none. */
static struct span
attribute_before(const struct endpoint_place *place, size_t at)
{
	struct span content = place->content;
	size_t end = at, start;

	while (end > 0 && at - end < BEFORE && strchr("\"'<>", content.at[end - 1]) == NULL)
		end--;
	if (end == 0 || (content.at[end - 1] != '"' && content.at[end - 1] != '\''))
		return (struct span){0};
	end--;
	while (end > 0 && (content.at[end - 1] == '\\' || content.at[end - 1] == ' '))
		end--;
	if (end == 0 || content.at[end - 1] != '=')
		return (struct span){0};
	start = --end;
	while (
	    start > 0 && end - start < 64 && strchr(" \t\n<>;\"'=", content.at[start - 1]) == NULL)
		start--;
	return span_part(content, start, end - start);
}

bool
endpoint_is_documentation(
    const struct endpoint_place *place, size_t at, struct span host, struct span url)
{
	static const char *const words[] = {"see", "at", "visit", "web", "website", "homepage",
	    "repo", "repository", "faq", "manual", "documentation", "info", "information", "more",
	    "also", "refer", "bugs", "copyright", "source", "project"};
	struct span front = endpoint_before(place, at), trimmed = span_trim(front), word;
	uint8_t last = front.size == 0 ? 0 : front.at[front.size - 1];

	if (is_front_page(place, front, host, url) || is_named_for_people(front) ||
	    (span_is_word(attribute_before(place, at), "href") &&
		!endpoint_has_word(front, "<link")))
		return true;
	if (trimmed.size == 0) /* usage texts and banners are indented; a script has no such line */
		return place->text ? place->script || place->page
				   : front.size != 0 || path_is_for_reading(url);
	if (place->script && span_begins(trimmed, "http"))
		return true;
	if (last == '(' &&
	    (front.size == 1 || front.at[front.size - 2] == ' ' || front.at[front.size - 2] == ']'))
		return true;
	if (last == '<' || endpoint_has_word(front, "<a "))
		return true;
	if (place->page && (last == '>' || last == ' ' || endpoint_has_word(front, "window.open")))
		return true;
	word = last_word(front);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (span_is_word(word, words[i]))
			return true;
	if (!place->text && path_is_for_reading(url))
		return true;
	if (has_command(front))
		return false;
	if (!place->text)
		return last == ' ' || last == '\t';
	return (place->code || endpoint_has_word(front, "echo ")) && path_is_for_reading(url);
}

/* A year or a version as names of namespaces have it, and no file at its end. */
static bool
path_is_of_namespace(struct span url)
{
	struct span rest = url, part = {0};
	bool dated = false;

	for (int i = 0; i < 16 && rest.at != NULL; i++) {
		part = field_next(&rest, '/');
		dated |= i > 2 && ((part.size == 4 && span_number(part, 2100) >= 1998) ||
				      (part.size == 5 && span_begins(part, "ver")) ||
				      span_is(part, "schema") || span_is(part, "schemas"));
	}
	if (span_ends(url, ".xsd") || span_ends(url, ".dtd") || span_ends(url, ".wsdl"))
		return true;
	return dated && memchr(url.at, '?', url.size) == NULL &&
	       (part.size == 0 || memchr(part.at, '.', part.size) == NULL);
}

/* Where a certificate inside a program says that its authority answers: a string of DER. */
static bool
is_in_certificate(const struct endpoint_place *place, size_t at, struct span url)
{
	const uint8_t *bytes = place->content.at;

	return !place->text && at >= 2 && (bytes[at - 2] == 0x86 || bytes[at - 2] == 0x16) &&
	       bytes[at - 1] >= 10 && bytes[at - 1] < 0x80 && bytes[at - 1] <= url.size;
}

bool
endpoint_is_namespace(const struct endpoint_place *place, size_t at, struct span url)
{
	struct span name = attribute_before(place, at);

	if (span_begins(name, "xmlns") || endpoint_has_word(name, "schemalocation") ||
	    endpoint_has_word(name, "namespace"))
		return true;
	if (endpoint_has_word(endpoint_before(place, at), "soapaction") ||
	    is_in_certificate(place, at, url))
		return true;
	return path_is_of_namespace(url) && !endpoint_has_word(url, "firmware") &&
	       !endpoint_has_word(url, "update");
}
