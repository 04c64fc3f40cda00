/* What a unit calls XML is believed only as far as it nests. */
#include "device/markup.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define NAME_MAX_SIZE 128

struct parse {
	struct job *job;
	struct span rest;
	const uint8_t *start;
	struct markup *markup;
	size_t open; /* index of the innermost open element */
	unsigned depth;
	bool done; /* the root is closed */
};

static bool
is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool
is_name(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.' ||
	       byte == ':' || byte >= 0x80;
}

static size_t
name_size(struct span at)
{
	size_t size = 0;

	while (size < at.size && is_name(at.at[size]))
		size++;
	return size;
}

/* Without the prefix. */
static struct span
local_part(struct span name)
{
	size_t colon = span_find(name, ":", 1, 0);

	return colon == SIZE_MAX ? name : span_from(name, colon + 1);
}

static enum status
refuse(struct parse *parse, const char *why)
{
	return fail(parse->job, STATUS_MALFORMED, "xml: byte %zu: %s",
	    (size_t)(parse->rest.at == NULL ? 0 : parse->rest.at - parse->start), why);
}

/* Behind `mark`, which must come. */
static enum status
skip_past(struct parse *parse, size_t from, const char *mark)
{
	size_t end = span_find(parse->rest, mark, strlen(mark), from);

	if (end == SIZE_MAX)
		return refuse(parse, "it is cut short");
	parse->rest = span_from(parse->rest, end + strlen(mark));
	return STATUS_OK;
}

static enum status
close_element(struct parse *parse, struct span end)
{
	struct markup_element *element = &parse->markup->elements[parse->open];

	element->text.size = (size_t)(end.at - element->text.at);
	element->end = parse->markup->count;
	parse->open = element->parent;
	parse->depth--;
	parse->done = parse->depth == 0;
	return STATUS_OK;
}

/* "</name>" */
static enum status
read_end(struct parse *parse)
{
	struct span before = parse->rest, name = span_from(parse->rest, 2);
	size_t size = name_size(name);

	if (parse->depth == 0)
		return refuse(parse, "an end without a beginning");
	name = local_part(span_part(name, 0, size));
	if (!span_equal(name, span_of_string(parse->markup->elements[parse->open].name)))
		return refuse(parse, "elements do not nest");
	TRY(skip_past(parse, 2 + size, ">"));
	return close_element(parse, before);
}

/* Where the tag ends: a ">" outside of quotes. */
static size_t
tag_size(struct span tag)
{
	uint8_t quote = 0;

	for (size_t i = 1; i < tag.size; i++) {
		uint8_t byte = tag.at[i];

		if (quote != 0)
			quote = byte == quote ? 0 : quote;
		else if (byte == '"' || byte == '\'')
			quote = byte;
		else if (byte == '<')
			return 0;
		else if (byte == '>')
			return i + 1;
	}
	return 0;
}

/* "<name attributes>" or "<name/>" */
static enum status
read_start(struct parse *parse)
{
	struct markup *markup = parse->markup;
	size_t size = tag_size(parse->rest), name = name_size(span_from(parse->rest, 1));
	struct markup_element *element = &markup->elements[markup->count];
	bool empty = size > 2 && parse->rest.at[size - 2] == '/';
	struct span local = local_part(span_part(parse->rest, 1, name));

	if (size == 0 || name == 0 || name > NAME_MAX_SIZE)
		return refuse(parse, "no tag");
	if (parse->done)
		return refuse(parse, "a second root");
	if (markup->count == MARKUP_MAX_ELEMENTS || parse->depth == MARKUP_MAX_DEPTH)
		return refuse(parse, "more elements than are read");
	*element = (struct markup_element){
	    .name =
		arena_string(parse->job, local.size == 0 ? "" : (const char *)local.at, local.size),
	    .attributes = span_part(parse->rest, 1 + name, size - 1 - name - (empty ? 2 : 1)),
	    .parent = parse->depth == 0 ? MARKUP_NONE : parse->open};
	if (element->name == NULL)
		return STATUS_LIMIT;
	parse->rest = (struct span){parse->rest.at + size, parse->rest.size - size};
	element->text.at = parse->rest.at;
	parse->open = markup->count++;
	parse->depth++;
	return empty ? close_element(parse, parse->rest) : STATUS_OK;
}

static enum status
read_tag(struct parse *parse)
{
	if (span_starts_with(parse->rest, "<?", 2))
		return skip_past(parse, 2, "?>");
	if (span_starts_with(parse->rest, "<!--", 4))
		return skip_past(parse, 4, "-->");
	if (span_starts_with(parse->rest, "<![CDATA[", 9) && parse->depth > 0)
		return skip_past(parse, 9, "]]>");
	if (span_starts_with(parse->rest, "<!", 2))
		return refuse(parse, "a document type");
	if (span_starts_with(parse->rest, "</", 2))
		return read_end(parse);
	return read_start(parse);
}

enum status
markup_read(struct job *job, struct span bytes, struct markup *markup)
{
	struct parse parse = {.job = job, .rest = bytes, .start = bytes.at, .markup = markup};

	*markup = (struct markup){0};
	if (bytes.size > MARKUP_MAX_SIZE)
		return refuse(&parse, "more bytes than are read");
	markup->elements = arena_array(job, MARKUP_MAX_ELEMENTS, sizeof *markup->elements);
	if (markup->elements == NULL)
		return STATUS_LIMIT;
	if (span_starts_with(parse.rest, "\xef\xbb\xbf", 3))
		parse.rest = span_from(parse.rest, 3);
	while (parse.rest.size > 0) {
		if (parse.rest.at[0] == '<') {
			TRY(read_tag(&parse));
			continue;
		}
		if (parse.depth == 0 && !is_space(parse.rest.at[0]) && parse.rest.at[0] != 0)
			return refuse(&parse, "text outside of the root");
		parse.rest = span_from(parse.rest, 1);
	}
	return parse.done ? STATUS_OK : refuse(&parse, "it is cut short");
}

size_t
markup_find(const struct markup *markup, size_t from, const char *name, size_t after)
{
	size_t i = from == MARKUP_NONE ? 0 : from + 1;
	size_t end = from == MARKUP_NONE ? markup->count : markup->elements[from].end;

	if (after != MARKUP_NONE && after + 1 > i)
		i = after + 1;
	for (; i < end; i++)
		if (strcmp(markup->elements[i].name, name) == 0)
			return i;
	return MARKUP_NONE;
}

/* ---- text ---- */

static void
put_character(struct text *out, uint32_t code)
{
	char bytes[4];
	size_t size = 0;

	if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		code = 0xfffd;
	if (code < 0x80) {
		bytes[size++] = (char)code;
	} else if (code < 0x800) {
		bytes[size++] = (char)(0xc0 | code >> 6);
	} else {
		if (code < 0x10000) {
			bytes[size++] = (char)(0xe0 | code >> 12);
		} else {
			bytes[size++] = (char)(0xf0 | code >> 18);
			bytes[size++] = (char)(0x80 | (code >> 12 & 0x3f));
		}
		bytes[size++] = (char)(0x80 | (code >> 6 & 0x3f));
	}
	if (code >= 0x80)
		bytes[size++] = (char)(0x80 | (code & 0x3f));
	text_put_bytes(out, bytes, size);
}

/* "&#x41;" by number; false when it is none. */
static bool
put_numbered(struct text *out, struct span name)
{
	bool hexadecimal = name.size > 1 && (name.at[1] | 32) == 'x';
	uint32_t code = 0;

	for (size_t i = hexadecimal ? 2 : 1; i < name.size; i++) {
		uint32_t digit = name.at[i] <= '9' ? (uint32_t)name.at[i] - '0'
						   : ((uint32_t)name.at[i] | 32) - 'a' + 10;

		if (digit > (hexadecimal ? 15u : 9u) || code > 0x10ffff)
			return false;
		code = code * (hexadecimal ? 16 : 10) + digit;
	}
	put_character(out, code);
	return true;
}

/* Puts what stands for "&name;" and gives its size; an unknown one stays as it is. */
static size_t
put_reference(struct text *out, struct span at)
{
	static const struct {
		const char *name;
		const char *character;
	} known[] = {{"lt", "<"}, {"gt", ">"}, {"amp", "&"}, {"quot", "\""}, {"apos", "'"}};
	size_t end = span_find(span_part(at, 0, at.size < 12 ? at.size : 12), ";", 1, 0);
	struct span name = end == SIZE_MAX ? (struct span){0} : span_part(at, 1, end - 1);

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (span_equal(name, span_of_string(known[i].name))) {
			text_put(out, known[i].character);
			return end + 1;
		}
	if (name.size > 1 && name.at[0] == '#' && put_numbered(out, name))
		return end + 1;
	text_put(out, "&");
	return 1;
}

/* How many bytes of markup, from "<" on, are no text of this element; CDATA is put. */
static size_t
pass_tag(struct text *out, struct span at)
{
	size_t end;

	if (span_starts_with(at, "<![CDATA[", 9)) {
		end = span_find(at, "]]>", 3, 9);
		if (end == SIZE_MAX)
			return at.size;
		text_put_bytes(out, at.at + 9, end - 9);
		return end + 3;
	}
	if (span_starts_with(at, "<!--", 4)) {
		end = span_find(at, "-->", 3, 4);
		return end == SIZE_MAX ? at.size : end + 3;
	}
	end = tag_size(at);
	return end == 0 ? at.size : end;
}

/* Behind the end tag of `inner`, as an offset into the text of its parent. */
static size_t
behind(const struct markup_element *inner, struct span raw)
{
	size_t at = (size_t)(inner->text.at - raw.at) + inner->text.size;
	struct span rest = span_from(raw, at);

	return span_starts_with(rest, "</", 2) ? at + tag_size(rest) : at;
}

static const char *
trimmed(struct job *job, const struct text *out, size_t limit)
{
	size_t size = out->size, start = 0;

	while (size > 0 && is_space((uint8_t)out->at[size - 1]))
		size--;
	while (start < size && is_space((uint8_t)out->at[start]))
		start++;
	return size == start ? "" : text_from_bytes(job, out->at + start, size - start, limit);
}

/* `element` is whose text this is; MARKUP_NONE: an attribute's. */
static const char *
decode(struct job *job, const struct markup *markup, size_t element, struct span raw, size_t limit)
{
	struct text out = text_new(job);
	size_t child = element == MARKUP_NONE ? 0 : element + 1;
	size_t end = element == MARKUP_NONE ? 0 : markup->elements[element].end;

	for (size_t i = 0; i < raw.size && out.size < 4 * limit;) {
		struct span at = span_from(raw, i);

		if (child < end && at.at[0] == '<' && at.size > 1 && is_name(at.at[1])) {
			i = behind(&markup->elements[child], raw);
			child = markup->elements[child].end;
		} else if (at.at[0] == '<') {
			i += pass_tag(&out, at);
		} else if (at.at[0] == '&') {
			i += put_reference(&out, at);
		} else {
			/* Lists are broken over lines as it pleases. */
			text_put_bytes(&out, is_space(at.at[0]) ? (const uint8_t *)" " : at.at, 1);
			i++;
		}
	}
	return out.failed ? NULL : trimmed(job, &out, limit);
}

const char *
markup_text(struct job *job, const struct markup *markup, size_t element, size_t limit)
{
	return decode(job, markup, element, markup->elements[element].text, limit);
}

const char *
markup_text_of(
    struct job *job, const struct markup *markup, size_t from, const char *name, size_t limit)
{
	size_t element = markup_find(markup, from, name, MARKUP_NONE);

	return element == MARKUP_NONE ? NULL : markup_text(job, markup, element, limit);
}

const char *
markup_attribute(
    struct job *job, const struct markup *markup, size_t element, const char *name, size_t limit)
{
	struct span rest = markup->elements[element].attributes;

	while (rest.size > 0) {
		size_t size = name_size(rest), end;
		struct span local = local_part(span_part(rest, 0, size));

		if (size == 0) {
			rest = span_from(rest, 1);
			continue;
		}
		rest = span_from(rest, size);
		while (rest.size > 0 && (is_space(rest.at[0]) || rest.at[0] == '='))
			rest = span_from(rest, 1);
		if (rest.size == 0 || (rest.at[0] != '"' && rest.at[0] != '\''))
			return NULL;
		end = span_find(rest, rest.at, 1, 1);
		if (end == SIZE_MAX)
			return NULL;
		if (span_equal(local, span_of_string(name)))
			return decode(job, markup, MARKUP_NONE, span_part(rest, 1, end - 1), limit);
		rest = span_from(rest, end + 1);
	}
	return NULL;
}
