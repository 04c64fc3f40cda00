/* A log-in form is the one around the password field; what a script would do to it cannot be known
 * here. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "device/http_client.h"

#define TAGS_MAX 20000
#define ATTRIBUTES_MAX 40
#define VALUE_MAX_SIZE 1000

struct attribute {
	struct span name;
	struct span value;
};

struct tag {
	struct span name;
	size_t count;
	struct attribute attributes[ATTRIBUTES_MAX];
};

static bool
is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool
same(struct span text, const char *word)
{
	if (text.size != strlen(word))
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (tolower(text.at[i]) != word[i])
			return false;
	return true;
}

static struct span
take_while(struct span *rest, const char *until)
{
	size_t size = 0;

	while (size < rest->size && !is_space(rest->at[size]) &&
	       (rest->at[size] == 0 || strchr(until, rest->at[size]) == NULL))
		size++;
	struct span taken = span_part(*rest, 0, size);

	*rest = span_from(*rest, size);
	return taken;
}

static void
skip_space(struct span *rest)
{
	while (rest->size > 0 && (is_space(rest->at[0]) || rest->at[0] == '/'))
		*rest = span_from(*rest, 1);
}

static struct span
take_value(struct span *rest)
{
	const char quote[2] = {(char)rest->at[0], 0};
	struct span value;
	size_t end;

	if (quote[0] != '"' && quote[0] != '\'')
		return take_while(rest, ">");
	end = span_find(*rest, quote, 1, 1);
	value = span_part(*rest, 1, end == SIZE_MAX ? rest->size - 1 : end - 1);
	*rest = span_from(*rest, end == SIZE_MAX ? rest->size : end + 1);
	return value;
}

/* The next tag of `rest`; false at the end. */
static bool
next_tag(struct span *rest, struct tag *tag)
{
	size_t start = span_find(*rest, "<", 1, 0);

	*tag = (struct tag){0};
	if (start == SIZE_MAX)
		return false;
	*rest = span_from(*rest, start + 1);
	if (span_starts_with(*rest, "/", 1)) {
		size_t end = span_find(*rest, ">", 1, 0);

		tag->name = span_part(*rest, 0, end == SIZE_MAX ? 0 : end);
		return true;
	}
	tag->name = take_while(rest, ">/");
	for (skip_space(rest); rest->size > 0 && rest->at[0] != '>' && tag->count < ATTRIBUTES_MAX;
	     skip_space(rest)) {
		struct attribute *attribute = &tag->attributes[tag->count++];

		attribute->name = take_while(rest, "=>");
		if (attribute->name.size == 0 && !span_starts_with(*rest, "=", 1)) {
			tag->count--;
			break;
		}
		skip_space(rest);
		if (!span_starts_with(*rest, "=", 1))
			continue;
		do
			*rest = span_from(*rest, 1);
		while (rest->size > 0 && is_space(rest->at[0]));
		if (rest->size > 0)
			attribute->value = take_value(rest);
	}
	return true;
}

static struct span
attribute_of(const struct tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->count; i++)
		if (same(tag->attributes[i].name, name))
			return tag->attributes[i].value;
	return (struct span){0};
}

static bool
has_attribute(const struct tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->count; i++)
		if (same(tag->attributes[i].name, name))
			return true;
	return false;
}

static const char *
text_of(struct job *job, struct span bytes)
{
	return text_from_bytes(
	    job, bytes.at == NULL ? (const uint8_t *)"" : bytes.at, bytes.size, VALUE_MAX_SIZE);
}

static void
read_input(struct job *job, const struct tag *tag, struct http_form *form)
{
	struct span type = attribute_of(tag, "type"), name = attribute_of(tag, "name");

	if (same(type, "password")) {
		form->usable = form->usable && form->password_field == NULL && name.size > 0;
		form->asks_password = true;
		form->password_field = text_of(job, name);
	} else if (name.size > 0 && (type.size == 0 || same(type, "text") || same(type, "email"))) {
		if (form->user_field == NULL)
			form->user_field = text_of(job, name);
	} else if (name.size > 0 && (same(type, "hidden") || same(type, "submit"))) {
		if (form->field_count == HTTP_FIELDS_MAX)
			form->usable = false;
		else
			form->fields[form->field_count++] = (struct http_header){
			    text_of(job, name), text_of(job, attribute_of(tag, "value"))};
	}
}

static void
begin_form(struct job *job, const struct tag *tag, struct http_form *form)
{
	*form = (struct http_form){.usable = !has_attribute(tag, "onsubmit")};
	form->action = text_of(job, attribute_of(tag, "action"));
	form->post = same(attribute_of(tag, "method"), "post");
}

enum status
http_read_form(struct job *job, struct span page, struct http_form *form)
{
	struct http_form current = {0};
	struct tag *tag = arena_allocate(job, sizeof *tag);
	struct span rest = page;

	*form = (struct http_form){0};
	if (tag == NULL)
		return STATUS_LIMIT;
	for (unsigned i = 0; i < TAGS_MAX && next_tag(&rest, tag); i++) {
		if (same(tag->name, "form"))
			begin_form(job, tag, &current);
		else if (same(tag->name, "input"))
			read_input(job, tag, &current);
		if (current.asks_password)
			*form = current;
		if (same(tag->name, "/form") && form->asks_password)
			break;
		if (same(tag->name, "/form"))
			current = (struct http_form){0};
	}
	/* Without a method of its own, an address or a name there is no telling where it goes. */
	form->usable = form->usable && form->post && form->action != NULL &&
		       form->user_field != NULL && form->password_field != NULL;
	return STATUS_OK;
}

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

/* A visitor's question must not do what a button would. */
static bool
is_deed(const char *link)
{
	static const char *const deeds[] = {"reboot", "restart", "reset", "delete", "remove",
	    "erase", "format", "upgrade", "shutdown", "poweroff", "logout", "apply"};

	for (size_t i = 0; i < ARRAY_SIZE(deeds); i++)
		if (strcasestr(link, deeds[i]) != NULL)
			return true;
	return false;
}

/* The address a tag leads to; NULL. */
static const char *
link_of(struct job *job, const struct tag *tag)
{
	static const char *const names[] = {"href", "src", "action"};
	const char *content, *url;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (attribute_of(tag, names[i]).size > 0)
			return text_of(job, attribute_of(tag, names[i]));
	if (!same(tag->name, "meta") || !same(attribute_of(tag, "http-equiv"), "refresh"))
		return NULL;
	content = text_of(job, attribute_of(tag, "content"));
	url = content == NULL ? NULL : strcasestr(content, "url=");
	return url == NULL ? NULL : url + 4;
}

enum status
http_read_links(struct job *job, struct span page, const char **links, size_t room, size_t *count)
{
	struct tag *tag = arena_allocate(job, sizeof *tag);
	struct span rest = page;

	*count = 0;
	if (tag == NULL)
		return STATUS_LIMIT;
	for (unsigned i = 0; i < TAGS_MAX && *count < room && next_tag(&rest, tag); i++) {
		const char *link = link_of(job, tag);
		bool known = link == NULL || link[0] == '\0' || is_asset(link) || is_deed(link);

		for (size_t j = 0; j < *count && !known; j++)
			known = strcmp(links[j], link) == 0;
		if (!known)
			links[(*count)++] = link;
	}
	return STATUS_OK;
}

const char *
http_title(struct job *job, struct span page)
{
	struct tag *tag = arena_allocate(job, sizeof *tag);
	struct span rest = page;

	for (unsigned i = 0; tag != NULL && i < TAGS_MAX && next_tag(&rest, tag); i++) {
		size_t end;

		if (!same(tag->name, "title"))
			continue;
		rest = span_from(rest, 1);
		end = span_find(rest, "<", 1, 0);
		return end == SIZE_MAX || end == 0 ? NULL : text_of(job, span_part(rest, 0, end));
	}
	return NULL;
}
