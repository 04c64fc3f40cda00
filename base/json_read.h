/*
 * Reads one flat JSON object, as our own writer makes them, a line at a time;
 * and single values out of any JSON.
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/job.h"
#include "base/span.h"

struct json_member {
	const char *name;
	const char *string; /* NULL: it is a number or a boolean */
	int64_t integer;
	bool boolean; /* the integer is false or true */
};

/* Reads what libjansson would read at first use; called once before a sandbox closes. */
void json_prepare(void);

/*
 * The members of an object of strings, integers and booleans; copies in the
 * arena.  STATUS_MALFORMED for anything else, `room` members and more, or a
 * name twice.
 */
enum status json_read_flat(
    struct job *job, struct span line, struct json_member *members, size_t room, size_t *count);

/*
 * The strings, integers and booleans at `paths` of any JSON: "params.realm",
 * "result.0".  members[i].name is NULL where there is none.  STATUS_MALFORMED: no JSON.
 */
enum status json_pick(struct job *job, struct span text, const char *const *paths, size_t count,
    struct json_member *members);

/* The member of that name; NULL. */
const struct json_member *json_find(
    const struct json_member *members, size_t count, const char *name);
/* Its string; NULL when there is none. */
const char *json_find_string(const struct json_member *members, size_t count, const char *name);
/* Its integer; `otherwise` when there is none. */
int64_t json_find_integer(
    const struct json_member *members, size_t count, const char *name, int64_t otherwise);

#endif
