/*
 * Single members of a JSON object (RFC 8259), without a tree of it.
 */
#ifndef FIRMWARE_JSON_MEMBERS_H
#define FIRMWARE_JSON_MEMBERS_H

#include <stdbool.h>

#include "base/span.h"

struct json_member {
	const char *name;
	struct span value; /* of a string, between its quotes, escapes as they stand */
};

/*
 * Fills in those members of the outermost object whose values are strings; of
 * one that is there twice the last.  False when it is no object, or not ended.
 */
bool json_members_read(struct span text, struct json_member *members, size_t count);

#endif
