/* libjansson parses; only flat objects and single values come out. */
#include "base/json_read.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "base/arena.h"

void
json_prepare(void)
{
	json_object_seed(1); /* else it would read random bytes from the system */
}

static enum status
take_member(struct job *job, const char *name, json_t *value, struct json_member *member)
{
	*member = (struct json_member){
	    .name = arena_copy_string(job, name), .boolean = json_is_boolean(value)};
	if (json_is_string(value))
		member->string = arena_copy_string(job, json_string_value(value));
	else if (json_is_integer(value))
		member->integer = json_integer_value(value);
	else if (json_is_boolean(value))
		member->integer = json_is_true(value);
	else
		return fail(job, STATUS_MALFORMED, "json: member \"%s\" is of no kind wanted here",
		    member->name == NULL ? "?" : member->name);
	return member->name == NULL || (json_is_string(value) && member->string == NULL)
		   ? STATUS_LIMIT
		   : STATUS_OK;
}

enum status
json_read_flat(
    struct job *job, struct span line, struct json_member *members, size_t room, size_t *count)
{
	json_error_t error;
	json_t *object =
	    json_loadb((const char *)line.at, line.size, JSON_REJECT_DUPLICATES, &error);
	enum status status = STATUS_OK;
	const char *name;
	json_t *value;

	*count = 0;
	if (object == NULL)
		return fail(job, STATUS_MALFORMED, "json: %s", error.text);
	if (!json_is_object(object) || json_object_size(object) > room)
		status =
		    fail(job, STATUS_MALFORMED, "json: no object of at most %zu members", room);
	else
		json_object_foreach(object, name, value) if (status == STATUS_OK) status =
		    take_member(job, name, value, &members[(*count)++]);
	json_decref(object);
	return status;
}

/* What is at a path: names and numbers with dots between. */
static const json_t *
value_at(const json_t *value, const char *path)
{
	char name[64];

	while (value != NULL && *path != '\0') {
		size_t size = strcspn(path, ".");

		if (size >= sizeof name)
			return NULL;
		memcpy(name, path, size);
		name[size] = '\0';
		if (json_is_array(value))
			value = size == 1 && isdigit((unsigned char)name[0])
				    ? json_array_get(value, (size_t)(name[0] - '0'))
				    : NULL;
		else
			value = json_object_get(value, name);
		path += size + (path[size] == '.');
	}
	return value;
}

enum status
json_pick(struct job *job, struct span text, const char *const *paths, size_t count,
    struct json_member *members)
{
	json_error_t error;
	json_t *root = json_loadb((const char *)text.at, text.size, JSON_REJECT_DUPLICATES, &error);
	enum status status = STATUS_OK;

	memset(members, 0, count * sizeof *members);
	if (root == NULL)
		return fail(job, STATUS_MALFORMED, "json: %s", error.text);
	for (size_t i = 0; i < count && status == STATUS_OK; i++) {
		json_t *value = (json_t *)value_at(root, paths[i]);

		if (json_is_string(value) || json_is_integer(value) || json_is_boolean(value))
			status = take_member(job, paths[i], value, &members[i]);
	}
	json_decref(root);
	return status;
}

const struct json_member *
json_find(const struct json_member *members, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(members[i].name, name) == 0)
			return &members[i];
	return NULL;
}

const char *
json_find_string(const struct json_member *members, size_t count, const char *name)
{
	const struct json_member *member = json_find(members, count, name);

	return member == NULL ? NULL : member->string;
}

int64_t
json_find_integer(
    const struct json_member *members, size_t count, const char *name, int64_t otherwise)
{
	const struct json_member *member = json_find(members, count, name);

	return member == NULL || member->string != NULL ? otherwise : member->integer;
}
