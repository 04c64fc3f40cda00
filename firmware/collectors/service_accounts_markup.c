/* In a vendor's JSON or XML, what stands in one group belongs to one user. */
#include <string.h>

#include "base/text.h"
#include "firmware/collectors/service_accounts.h"
#include "firmware/reading.h"
#include "firmware/settings.h"

#define MAX_DEPTH 32

/* Groups that are open, the innermost last; deeper ones are not listened to. */
struct open_groups {
	struct service_group groups[MAX_DEPTH];
	struct span names[MAX_DEPTH];
	size_t depth;
};

static bool
is_about_users(const struct node *node)
{
	return strcasestr(node->name, "user") != NULL ||
	       strcasestr(node->name, "account") != NULL || strcasestr(node->name, "passw") != NULL;
}

static void
open_group(struct open_groups *open, struct span name)
{
	if (open->depth < MAX_DEPTH) {
		open->groups[open->depth] = (struct service_group){0};
		open->names[open->depth] = name;
	}
	open->depth++;
}

static enum status
close_group(struct service_reading *reading, struct open_groups *open)
{
	bool of_users;

	if (open->depth == 0 || open->depth-- > MAX_DEPTH)
		return STATUS_OK;
	for (size_t i = 0; i <= open->depth; i++)
		if (service_is_elsewhere(open->names[i]))
			return STATUS_OK;
	/* the members of a list are in it by its name */
	of_users = is_about_users(reading->node) || service_is_of_users(open->names[open->depth]) ||
		   (open->depth > 0 && service_is_of_users(open->names[open->depth - 1]));
	return service_group_end(reading, &open->groups[open->depth], "vendor",
	    reading->is_sofia ? PASSWORD_OF_SOFIA : PASSWORD_OF_SERVICE, of_users);
}

static void
hear(struct open_groups *open, struct span name, struct span value)
{
	if (open->depth != 0 && open->depth <= MAX_DEPTH)
		service_group_hear(&open->groups[open->depth - 1], name, value);
}

enum status
service_accounts_read_json(struct service_reading *reading)
{
	struct settings settings = {.rest = reading->content};
	struct open_groups open = {0};
	struct span key = {0};
	enum settings_event event;

	while ((event = settings_next(&settings)) != SETTINGS_END) {
		if (event == SETTINGS_OPEN)
			open_group(&open, key);
		else if (event == SETTINGS_CLOSE) {
			TRY(close_group(reading, &open));
			/* the next one of a list has its name */
			key = open.depth < MAX_DEPTH ? open.names[open.depth] : key;
		} else if (event == SETTINGS_KEY)
			key = settings.key;
		else
			hear(&open, settings.key, settings.value);
	}
	return STATUS_OK;
}

/* Takes the next NAME="VALUE" of a tag off the rest. */
static bool
attribute_next(struct span *rest, struct span *name, struct span *value)
{
	size_t equals = span_find(*rest, "=", 1, 0), end;
	char quote[1];

	if (equals == SIZE_MAX)
		return false;
	*name = span_trim(span_part(*rest, 0, equals));
	*rest = span_trim(span_from(*rest, equals + 1));
	if (rest->size == 0 || strchr("\"'", rest->at[0]) == NULL || rest->at[0] == '\0')
		return false;
	quote[0] = (char)rest->at[0];
	end = span_find(*rest, quote, 1, 1);
	if (end == SIZE_MAX)
		return false;
	*value = span_part(*rest, 1, end - 1);
	*rest = span_from(*rest, end + 1);
	return true;
}

/* The name of a tag, off its inside. */
static struct span
tag_name(struct span *inside)
{
	size_t size = 0;

	while (size < inside->size && inside->at[size] > ' ' && inside->at[size] != '/')
		size++;
	struct span name = span_part(*inside, 0, size);

	*inside = span_from(*inside, size);
	return name;
}

/* A tag's attributes are a group of their own; <Name>value</Name> is a value of the group around.
 */
static enum status
read_tag(struct service_reading *reading, struct open_groups *open, struct span inside,
    struct span behind)
{
	bool is_empty = span_ends(inside, "/"), is_leaf;
	struct span name, attribute, value;
	size_t end = span_find(behind, "<", 1, 0);

	if (span_begins(inside, "/"))
		return close_group(reading, open);
	if (inside.size == 0 || strchr("?!", inside.at[0]) != NULL)
		return STATUS_OK;
	name = tag_name(&inside);
	is_leaf = !is_empty && end != SIZE_MAX && span_begins(span_from(behind, end + 1), "/");
	if (is_leaf)
		hear(open, name, span_trim(span_part(behind, 0, end)));
	open_group(open, name);
	while (attribute_next(&inside, &attribute, &value))
		hear(open, attribute, value);
	return is_empty ? close_group(reading, open) : STATUS_OK;
}

enum status
service_accounts_read_xml(struct service_reading *reading)
{
	struct span rest = reading->content;
	struct open_groups open = {0};

	for (;;) {
		size_t begin = span_find(rest, "<", 1, 0), end;
		struct span inside;

		if (begin == SIZE_MAX)
			return STATUS_OK;
		rest = span_from(rest, begin + 1);
		if (span_begins(rest, "!--")) {
			end = span_find(rest, "-->", 3, 3);
			if (end == SIZE_MAX)
				return STATUS_OK;
			rest = span_from(rest, end + 3);
			continue;
		}
		end = span_find(rest, ">", 1, 0);
		if (end == SIZE_MAX)
			return STATUS_OK;
		inside = span_part(rest, 0, end);
		rest = span_from(rest, end + 1);
		TRY(read_tag(reading, &open, inside, rest));
	}
}
