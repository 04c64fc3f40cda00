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

static void
put_quoted(struct text *text, const char *string)
{
	bool utf8 = text_is_utf8(string, strlen(string));

	text_put(text, "\"");
	for (const char *at = string; *at != '\0'; at++)
		put_character(text, (unsigned char)*at, utf8);
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
