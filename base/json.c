/* Canonical JSON: one way to write a value, so equal values are equal bytes. */
#include "base/json.h"

#include <inttypes.h>
#include <string.h>

struct json
json_new(struct job *job)
{
	return (struct json){.text = text_new(job)};
}

static void
separate(struct json *json)
{
	if (json->comma)
		text_put(&json->text, ",");
	json->comma = true;
}

static void
open_with(struct json *json, const char *bracket)
{
	separate(json);
	text_put(&json->text, bracket);
	json->comma = false;
}

static void
close_with(struct json *json, const char *bracket)
{
	text_put(&json->text, bracket);
	json->comma = true;
}

void
json_open_object(struct json *json)
{
	open_with(json, "{");
}

void
json_close_object(struct json *json)
{
	close_with(json, "}");
}

void
json_open_array(struct json *json)
{
	open_with(json, "[");
}

void
json_close_array(struct json *json)
{
	close_with(json, "]");
}

static void
put_character(struct text *text, unsigned char c, bool utf8)
{
	static const char escapes[] = {
	    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};

	if (c == '"' || c == '\\')
		text_printf(text, "\\%c", c);
	else if (c < sizeof escapes && escapes[c] != 0)
		text_printf(text, "\\%c", escapes[c]);
	else if (c < 0x20 || c == 0x7f || (c > 0x7f && !utf8))
		text_printf(text, "\\u%04x", c);
	else
		text_put_bytes(text, &c, 1);
}

/* What is not seen, yet changes what is: controls above ASCII (Cc), format characters such as
 * bidirectional controls (Cf), separators of lines and paragraphs (Zl, Zp).  Unicode 15. */
static const struct {
	uint32_t first, last;
} unseen[] = {{0x80, 0x9f}, {0xad, 0xad}, {0x600, 0x605}, {0x61c, 0x61c}, {0x6dd, 0x6dd},
    {0x70f, 0x70f}, {0x890, 0x891}, {0x8e2, 0x8e2}, {0x180e, 0x180e}, {0x200b, 0x200f},
    {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0x110bd, 0x110bd},
    {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
    {0xe0001, 0xe007f}};

/* The code point of a well-formed character above ASCII; *size is how many bytes it has. */
static uint32_t
decode(const char *at, size_t *size)
{
	uint8_t first = (uint8_t)at[0];
	uint32_t code = first & (first < 0xe0 ? 0x1fu : first < 0xf0 ? 0x0fu : 0x07u);

	*size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < *size; i++)
		code = code << 6 | ((uint8_t)at[i] & 0x3fu);
	return code;
}

static bool
is_unseen(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(unseen); i++)
		if (code >= unseen[i].first && code <= unseen[i].last)
			return true;
	return false;
}

/* A whole character above ASCII; how many bytes it has. */
static size_t
put_wide(struct text *text, const char *at)
{
	size_t size;
	uint32_t code = decode(at, &size);

	if (!is_unseen(code))
		text_put_bytes(text, at, size);
	else if (code < 0x10000)
		text_printf(text, "\\u%04x", code);
	else
		text_printf(text, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
		    0xdc00 + ((code - 0x10000) & 0x3ff));
	return size;
}

static void
put_quoted(struct text *text, const char *string)
{
	bool utf8 = text_is_utf8(string, strlen(string));

	text_put(text, "\"");
	for (const char *at = string; *at != '\0';)
		if (utf8 && (uint8_t)*at > 0x7f)
			at += put_wide(text, at);
		else
			put_character(text, (unsigned char)*at++, utf8);
	text_put(text, "\"");
}

void
json_name(struct json *json, const char *name)
{
	separate(json);
	put_quoted(&json->text, name);
	text_put(&json->text, ":");
	json->comma = false;
}

void
json_string(struct json *json, const char *string)
{
	separate(json);
	if (string == NULL)
		text_put(&json->text, "null");
	else
		put_quoted(&json->text, string);
}

void
json_integer(struct json *json, int64_t value)
{
	separate(json);
	text_printf(&json->text, "%" PRId64, value);
}

void
json_tenths(struct json *json, unsigned tenths)
{
	separate(json);
	if (tenths % 10 == 0)
		text_printf(&json->text, "%u", tenths / 10);
	else
		text_printf(&json->text, "%u.%u", tenths / 10, tenths % 10);
}

void
json_boolean(struct json *json, bool value)
{
	separate(json);
	text_put(&json->text, value ? "true" : "false");
}

void
json_null(struct json *json)
{
	json_string(json, NULL);
}

void
json_member_string(struct json *json, const char *name, const char *value)
{
	json_name(json, name);
	json_string(json, value);
}

void
json_member_integer(struct json *json, const char *name, int64_t value)
{
	json_name(json, name);
	json_integer(json, value);
}

void
json_member_boolean(struct json *json, const char *name, bool value)
{
	json_name(json, name);
	json_boolean(json, value);
}

void
json_newline(struct json *json)
{
	text_put(&json->text, "\n");
	json->comma = false;
}

enum status
json_finish(struct json *json, const char **string)
{
	return text_finish(&json->text, string);
}
