/*
 * Every rule of a record's one spelling stands here, in its writer.
 */
#include "cert/record.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"

static const void *
field_at(const struct record_field *field, const void *structure)
{
	return (const char *)structure + field->at;
}

static size_t
field_count(const struct record_field *field, const void *structure)
{
	size_t count;

	memcpy(&count, (const char *)structure + field->count_at, sizeof(count));
	return count;
}

static const void *
field_pointer(const struct record_field *field, const void *structure)
{
	const void *pointer;

	memcpy(&pointer, field_at(field, structure), sizeof(pointer));
	return pointer;
}

/* Direction overrides could make a name on a certificate read as another. */
static bool
has_direction_override(const char *at, size_t size)
{
	for (size_t i = 0; i + 2 < size; i++) {
		const uint8_t *c = (const uint8_t *)at + i;

		if (c[0] == 0xe2 && c[1] == 0x80 && c[2] >= 0xaa && c[2] <= 0xae)
			return true;
		if (c[0] == 0xe2 && c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9)
			return true;
	}
	return false;
}

static bool
text_fits(const char *string, size_t limit)
{
	size_t size = strlen(string);

	if (size == 0 || size > limit || !text_is_utf8(string, size) || string[0] == ' ' ||
	    string[size - 1] == ' ')
		return false;
	for (size_t i = 0; i < size; i++)
		if ((uint8_t)string[i] < 0x20 || string[i] == 0x7f)
			return false;
	return !has_direction_override(string, size);
}

static bool
date_fits(const char *string)
{
	char again[32];
	int64_t time;

	if (!text_parse_date(string, &time))
		return false;
	text_format_date(time, again);
	return strcmp(string, again) == 0;
}

/* Writing. */

static enum status
unfit(struct job *job, const struct record_shape *shape, const struct record_field *field)
{
	return fail(job, STATUS_MALFORMED, "%s: field %s is missing, too long or not plain text",
	    shape->name, field->name);
}

static void
put_indent(struct text *out, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		text_put(out, "  ");
}

static void
put_tag(struct text *out, const char *open, const char *name, const char *close)
{
	text_put(out, open);
	text_put(out, name);
	text_put(out, close);
}

static void
put_escaped(struct text *out, const char *string)
{
	while (*string != '\0') {
		size_t plain = strcspn(string, "&<>");

		text_put_bytes(out, string, plain);
		string += plain;
		if (*string == '\0')
			return;
		text_put(out, *string == '&' ? "&amp;" : *string == '<' ? "&lt;" : "&gt;");
		string++;
	}
}

static void
put_element(struct text *out, unsigned depth, const char *name, const char *value)
{
	put_indent(out, depth);
	put_tag(out, "<", name, ">");
	put_escaped(out, value);
	put_tag(out, "</", name, ">\n");
}

static void
put_digest(struct text *out, unsigned depth, const char *name, const struct digest *digest)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex(digest, hex);
	put_element(out, depth, name, hex);
}

static enum status
put_base64(struct job *job, struct text *out, unsigned depth, const char *name, struct span bytes)
{
	unsigned char *encoded = arena_allocate(job, bytes.size / 3 * 4 + 8);

	if (encoded == NULL)
		return STATUS_LIMIT;
	EVP_EncodeBlock(encoded, bytes.at, (int)bytes.size);
	put_element(out, depth, name, (const char *)encoded);
	return STATUS_OK;
}

static enum status write_fields(struct job *job, const struct record_shape *shape,
    const void *structure, unsigned depth, struct text *out);

static enum status
write_item(struct job *job, const struct record_shape *shape, const struct record_field *field,
    const void *items, size_t i, unsigned depth, struct text *out)
{
	if (field->type == RECORD_TEXTS) {
		const char *string = ((const char *const *)items)[i];

		if (string == NULL || !text_fits(string, field->limit))
			return unfit(job, shape, field);
		put_element(out, depth, field->name, string);
		return STATUS_OK;
	}
	if (field->type == RECORD_DIGESTS) {
		put_digest(out, depth, field->name, (const struct digest *)items + i);
		return STATUS_OK;
	}
	put_indent(out, depth);
	put_tag(out, "<", field->name, ">\n");
	TRY(write_fields(
	    job, field->items, (const char *)items + i * field->items->size, depth + 1, out));
	put_indent(out, depth);
	put_tag(out, "</", field->name, ">\n");
	return STATUS_OK;
}

static enum status
write_list(struct job *job, const struct record_shape *shape, const struct record_field *field,
    const void *structure, unsigned depth, struct text *out)
{
	size_t count = field_count(field, structure);
	const void *items = field_pointer(field, structure);

	if (count > field->most || (count == 0 && !field->optional))
		return fail(job, STATUS_MALFORMED, "%s: %zu of field %s, allowed %d to %zu",
		    shape->name, count, field->name, field->optional ? 0 : 1, field->most);
	for (size_t i = 0; i < count; i++)
		TRY(write_item(job, shape, field, items, i, depth, out));
	return STATUS_OK;
}

static enum status
write_string(struct job *job, const struct record_shape *shape, const struct record_field *field,
    const void *structure, unsigned depth, struct text *out)
{
	const char *string = field_pointer(field, structure);

	if (string == NULL && field->optional)
		return STATUS_OK;
	if (string == NULL ||
	    (field->type == RECORD_TEXT ? !text_fits(string, field->limit) : !date_fits(string)))
		return unfit(job, shape, field);
	put_element(out, depth, field->name, string);
	return STATUS_OK;
}

static enum status
write_number(struct job *job, const struct record_shape *shape, const struct record_field *field,
    const void *structure, unsigned depth, struct text *out)
{
	char number[32];
	int64_t value, again;
	struct text digits = text_new(job);

	memcpy(&value, field_at(field, structure), sizeof(value));
	if (field->type == RECORD_TIME) {
		text_format_time(value, number);
		if (!text_parse_time(number, &again) || again != value)
			return unfit(job, shape, field);
		put_element(out, depth, field->name, number);
		return STATUS_OK;
	}
	if (value < 0 || value > RECORD_INTEGER_MAX)
		return unfit(job, shape, field);
	text_printf(&digits, "%lld", (long long)value);
	if (digits.failed)
		return STATUS_LIMIT;
	put_element(out, depth, field->name, digits.at);
	return STATUS_OK;
}

static enum status
write_field(struct job *job, const struct record_shape *shape, const struct record_field *field,
    const void *structure, unsigned depth, struct text *out)
{
	struct span bytes;
	bool flag;

	switch (field->type) {
	case RECORD_TEXT:
	case RECORD_DATE:
		return write_string(job, shape, field, structure, depth, out);
	case RECORD_INTEGER:
	case RECORD_TIME:
		return write_number(job, shape, field, structure, depth, out);
	case RECORD_FLAG:
		memcpy(&flag, field_at(field, structure), sizeof(flag));
		put_element(out, depth, field->name, flag ? "true" : "false");
		return STATUS_OK;
	case RECORD_DIGEST:
		put_digest(out, depth, field->name, field_at(field, structure));
		return STATUS_OK;
	case RECORD_BYTES:
		memcpy(&bytes, field_at(field, structure), sizeof(bytes));
		if (bytes.size == 0 && field->optional)
			return STATUS_OK;
		if (bytes.size == 0 || bytes.size > field->limit)
			return unfit(job, shape, field);
		return put_base64(job, out, depth, field->name, bytes);
	default:
		return write_list(job, shape, field, structure, depth, out);
	}
}

static enum status
write_fields(struct job *job, const struct record_shape *shape, const void *structure,
    unsigned depth, struct text *out)
{
	for (size_t i = 0; i < shape->field_count; i++)
		TRY(write_field(job, shape, &shape->fields[i], structure, depth, out));
	return STATUS_OK;
}

enum status
record_write(
    struct job *job, const struct record_shape *shape, const void *structure, struct span *bytes)
{
	struct text out = text_new(job);
	const char *string;

	text_put(&out, RECORD_PROLOGUE);
	text_printf(&out, "<%s xmlns=\"%s\">\n", shape->name, shape->space);
	TRY(write_fields(job, shape, structure, 1, &out));
	text_printf(&out, "</%s>\n", shape->name);
	TRY(text_finish(&out, &string));
	*bytes = (struct span){(const uint8_t *)string, out.size};
	return STATUS_OK;
}
