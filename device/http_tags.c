/* Pages of units are written by hand: every rule of HTML is broken somewhere. */
#include "device/http_tags.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

#define VALUE_MAX_SIZE 1000

static bool
is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

bool
tag_is(struct span text, const char *word)
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

static void
read_attributes(struct span *rest, struct tag *tag)
{
	for (skip_space(rest);
	     rest->size > 0 && rest->at[0] != '>' && tag->count < TAG_ATTRIBUTES_MAX;
	     skip_space(rest)) {
		struct tag_attribute *attribute = &tag->attributes[tag->count++];

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
}

/* Up to the tag that ends it, or to the end of the page. */
static struct span
take_script(struct span *rest)
{
	size_t begin = span_find(*rest, ">", 1, 0), end;
	struct span whole = span_from(*rest, begin == SIZE_MAX ? rest->size : begin + 1);
	struct span script = whole;

	for (end = span_find(whole, "</", 2, 0); end != SIZE_MAX;
	     end = span_find(whole, "</", 2, end + 2))
		if (whole.size - end >= 8 && tag_is(span_part(whole, end + 2, 6), "script"))
			break;
	if (end != SIZE_MAX)
		script = span_part(whole, 0, end);
	*rest = span_from(whole, end == SIZE_MAX ? whole.size : end);
	return script;
}

bool
tag_next(struct span *rest, struct tag *tag)
{
	size_t start = span_find(*rest, "<", 1, 0), end;

	*tag = (struct tag){0};
	while (start != SIZE_MAX && span_starts_with(span_from(*rest, start), "<!--", 4)) {
		end = span_find(*rest, "-->", 3, start + 4);
		start = end == SIZE_MAX ? SIZE_MAX : span_find(*rest, "<", 1, end);
	}
	if (start == SIZE_MAX)
		return false;
	*rest = span_from(*rest, start + 1);
	if (span_starts_with(*rest, "/", 1)) {
		end = span_find(*rest, ">", 1, 0);
		tag->name = span_part(*rest, 0, end == SIZE_MAX ? 0 : end);
		return true;
	}
	tag->name = take_while(rest, ">/");
	read_attributes(rest, tag);
	if (tag_is(tag->name, "script"))
		tag->script = take_script(rest);
	return true;
}

struct span
tag_attribute(const struct tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->count; i++)
		if (tag_is(tag->attributes[i].name, name))
			return tag->attributes[i].value;
	return (struct span){0};
}

bool
tag_has(const struct tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->count; i++)
		if (tag_is(tag->attributes[i].name, name))
			return true;
	return false;
}

bool
tag_is_plain(struct span bytes)
{
	if (bytes.size > VALUE_MAX_SIZE || !text_is_utf8((const char *)bytes.at, bytes.size))
		return false;
	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.at[i] < ' ' || bytes.at[i] == 0x7f || bytes.at[i] == '\\')
			return false;
	return true;
}

const char *
tag_text(struct job *job, struct span bytes)
{
	static const struct {
		const char *name;
		const char *is;
	} entities[] = {
	    {"&amp;", "&"}, {"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&#39;", "'"}};
	struct text out = text_new(job);
	const char *words;

	if (bytes.size == 0)
		return "";
	for (size_t i = 0; i < bytes.size && out.size < VALUE_MAX_SIZE; i++) {
		size_t e = 0;

		while (e < ARRAY_SIZE(entities) && !span_starts_with(span_from(bytes, i),
						       entities[e].name, strlen(entities[e].name)))
			e++;
		if (e == ARRAY_SIZE(entities)) {
			text_put_bytes(&out, bytes.at + i, 1);
			continue;
		}
		text_put(&out, entities[e].is);
		i += strlen(entities[e].name) - 1;
	}
	if (text_finish(&out, &words) != STATUS_OK)
		return NULL;
	return text_from_bytes(job, words, out.size, VALUE_MAX_SIZE);
}
