/*
 * A canonical JSON writer: one way to write a value, so equal values are equal bytes.
 *
 * No spaces, members in the order written, integers only, strings as UTF-8 with
 * the escapes \" \\ \b \f \n \r \t and \uXXXX for other controls, for format
 * characters (bidirectional ones among them) and for separators of lines and
 * paragraphs, so that nothing unseen stands in a line.  A string that is not UTF-8 is written with
 * \u00XX for every byte above 0x7f.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/text.h"

struct json {
	struct text text;
	bool comma; /* the next value needs one before it */
};

struct json json_new(struct job *job);
void json_open_object(struct json *json);
void json_close_object(struct json *json);
void json_open_array(struct json *json);
void json_close_array(struct json *json);
void json_name(struct json *json, const char *name);
void json_string(struct json *json, const char *string); /* NULL writes null */
void json_integer(struct json *json, int64_t value);
void json_tenths(struct json *json, unsigned tenths); /* 0.8, 1: a number with one decimal */
void json_boolean(struct json *json, bool value);
void json_null(struct json *json);
/* name and value in one go */
void json_member_string(struct json *json, const char *name, const char *value);
void json_member_integer(struct json *json, const char *name, int64_t value);
void json_member_boolean(struct json *json, const char *name, bool value);
void json_newline(struct json *json); /* between lines of JSON */
enum status json_finish(struct json *json, const char **string);

#endif
