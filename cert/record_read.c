/*
 * What is read is written again and must be the same bytes, so the reader need
 * only find the fields: every rule of the spelling stands once, in the writer.
 */
#include "cert/record.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"

struct cursor {
	struct job *job;
	const struct record_shape *shape; /* of the innermost record, for messages */
	struct span rest;
};

static bool
take(struct cursor *cursor, const char *literal)
{
	size_t size = strlen(literal);

	if (!span_starts_with(cursor->rest, literal, size))
		return false;
	cursor->rest = span_from(cursor->rest, size);
	return true;
}

static bool
take_tag(struct cursor *cursor, const char *open, const char *name, const char *close)
{
	struct span before = cursor->rest;

	while (take(cursor, "  "))
		;
	if (take(cursor, open) && take(cursor, name) && take(cursor, close))
		return true;
	cursor->rest = before;
	return false;
}

static enum status
bad(struct cursor *cursor, const struct record_field *field, const char *wanted)
{
	return fail(cursor->job, STATUS_MALFORMED, "%s: field %s: wanted %s", cursor->shape->name,
	    field->name, wanted);
}

static bool
unescape(const char *at, size_t size, char *out)
{
	static const struct {
		const char *escape;
		char meaning;
	} escapes[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};
	struct span rest = {(const uint8_t *)at, size};

	while (rest.size > 0) {
		size_t used = 1, i;

		*out = (char)rest.at[0];
		for (i = 0; *out == '&' && i < ARRAY_SIZE(escapes); i++) {
			used = strlen(escapes[i].escape);
			if (!span_starts_with(rest, escapes[i].escape, used))
				continue;
			*out = escapes[i].meaning;
			break;
		}
		if (i == ARRAY_SIZE(escapes))
			return false;
		out++;
		rest = span_from(rest, used);
	}
	*out = '\0';
	return true;
}

/* The content of one element, from after its start tag to after its end tag. */
static enum status
take_content(struct cursor *cursor, const struct record_field *field, const char **content)
{
	size_t end = span_find(cursor->rest, "<", 1, 0);
	const char *at = (const char *)cursor->rest.at;
	char *out;

	if (end == SIZE_MAX || memchr(at, '\0', end) != NULL)
		return bad(cursor, field, "its end tag");
	out = arena_allocate(cursor->job, end + 1);
	if (out == NULL)
		return STATUS_LIMIT;
	if (!unescape(at, end, out))
		return bad(cursor, field, "plain text");
	cursor->rest = span_from(cursor->rest, end);
	if (!take(cursor, "</") || !take(cursor, field->name) || !take(cursor, ">\n"))
		return bad(cursor, field, "its end tag");
	*content = out;
	return STATUS_OK;
}

static enum status
decode_base64(struct cursor *cursor, const struct record_field *field, const char *content,
    struct span *bytes)
{
	size_t size = strlen(content);
	uint8_t *out;

	if (size == 0 || size % 4 != 0 || size / 4 * 3 > field->limit + 2)
		return bad(cursor, field, "base64 within its limit");
	out = arena_allocate(cursor->job, size / 4 * 3);
	if (out == NULL)
		return STATUS_LIMIT;
	if (EVP_DecodeBlock(out, (const unsigned char *)content, (int)size) < 0)
		return bad(cursor, field, "base64");
	*bytes = (struct span){
	    out, size / 4 * 3 - (content[size - 1] == '=') - (content[size - 2] == '=')};
	return STATUS_OK;
}

/* The value of a field that is no list, into `place`. */
static enum status
decode_value(
    struct cursor *cursor, const struct record_field *field, const char *content, void *place)
{
	int64_t number;
	bool flag;
	struct digest digest;
	struct span bytes;

	switch (field->type) {
	case RECORD_INTEGER:
	case RECORD_TIME:
		if (field->type == RECORD_TIME
			? !text_parse_time(content, &number)
			: !text_parse_integer(content, 0, RECORD_INTEGER_MAX, &number))
			return bad(cursor, field, "a number or time");
		memcpy(place, &number, sizeof(number));
		return STATUS_OK;
	case RECORD_FLAG:
		flag = strcmp(content, "true") == 0;
		memcpy(place, &flag, sizeof(flag));
		return STATUS_OK;
	case RECORD_DIGEST:
	case RECORD_DIGESTS:
		if (!digest_from_hex(content, &digest))
			return bad(cursor, field, "64 hexadecimal digits");
		memcpy(place, &digest, sizeof(digest));
		return STATUS_OK;
	case RECORD_BYTES:
		TRY(decode_base64(cursor, field, content, &bytes));
		memcpy(place, &bytes, sizeof(bytes));
		return STATUS_OK;
	default:
		memcpy(place, &content, sizeof(content));
		return STATUS_OK;
	}
}

static enum status read_fields(
    struct cursor *cursor, const struct record_shape *shape, void *structure);

static size_t
item_size(const struct record_field *field)
{
	if (field->type == RECORD_RECORDS)
		return field->items->size;
	return field->type == RECORD_DIGESTS ? sizeof(struct digest) : sizeof(const char *);
}

static enum status
read_item(struct cursor *cursor, const struct record_field *field, void *item)
{
	const struct record_shape *outer = cursor->shape;
	const char *content;

	if (field->type != RECORD_RECORDS) {
		TRY(take_content(cursor, field, &content));
		return decode_value(cursor, field, content, item);
	}
	if (!take(cursor, "\n"))
		return bad(cursor, field, "its fields");
	TRY(read_fields(cursor, field->items, item));
	cursor->shape = outer;
	return take_tag(cursor, "</", field->name, ">\n") ? STATUS_OK
							  : bad(cursor, field, "its end tag");
}

static enum status
read_list(struct cursor *cursor, const struct record_field *field, void *structure)
{
	size_t size = item_size(field), count = 0, room = 0;
	char *items = NULL;

	while (take_tag(cursor, "<", field->name, ">")) {
		if (count == field->most)
			return bad(cursor, field, "fewer items");
		if (count == room) {
			char *more = arena_array(cursor->job, room = room * 2 + 4, size);

			if (more == NULL)
				return STATUS_LIMIT;
			if (count > 0)
				memcpy(more, items, count * size);
			items = more;
		}
		TRY(read_item(cursor, field, items + count * size));
		count++;
	}
	memcpy((char *)structure + field->at, &items, sizeof(items));
	memcpy((char *)structure + field->count_at, &count, sizeof(count));
	return STATUS_OK;
}

static enum status
read_fields(struct cursor *cursor, const struct record_shape *shape, void *structure)
{
	cursor->shape = shape;
	for (size_t i = 0; i < shape->field_count; i++) {
		const struct record_field *field = &shape->fields[i];
		const char *content;

		if (field->type >= RECORD_TEXTS) {
			TRY(read_list(cursor, field, structure));
			continue;
		}
		if (!take_tag(cursor, "<", field->name, ">")) {
			if (!field->optional)
				return bad(cursor, field, "one");
			continue;
		}
		TRY(take_content(cursor, field, &content));
		TRY(decode_value(cursor, field, content, (char *)structure + field->at));
	}
	return STATUS_OK;
}

/* The prologue and the root's start tag. */
static bool
take_root(struct cursor *cursor, const struct record_shape *shape)
{
	return take(cursor, RECORD_PROLOGUE "<") && take(cursor, shape->name) &&
	       take(cursor, " xmlns=\"") && take(cursor, shape->space) && take(cursor, "\">\n");
}

bool
record_is(const struct record_shape *shape, struct span bytes)
{
	struct cursor cursor = {NULL, shape, bytes};

	return take_root(&cursor, shape);
}

enum status
record_read(struct job *job, const struct record_shape *shape, struct span bytes, void *structure)
{
	struct cursor cursor = {job, shape, bytes};
	struct span again;

	memset(structure, 0, shape->size);
	if (!take_root(&cursor, shape))
		return fail(job, STATUS_MALFORMED, "not a %s of %s", shape->name, shape->space);
	TRY(read_fields(&cursor, shape, structure));
	TRY(record_write(job, shape, structure, &again));
	if (!span_equal(bytes, again))
		return fail(job, STATUS_MALFORMED, "%s: not in the one spelling", shape->name);
	return STATUS_OK;
}
