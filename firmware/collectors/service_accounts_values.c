/* Factory defaults are names and values: in lines, or between NUL bytes as flash keeps them. */
#include <string.h>

#include "firmware/collectors/service_accounts.h"
#include "firmware/reading.h"

/* Takes what stands before a line's end or a NUL off the rest. */
static bool
value_next(struct span *rest, struct span *line)
{
	size_t size = 0;

	if (rest->size == 0)
		return false;
	while (size < rest->size && rest->at[size] != '\n' && rest->at[size] != '\0')
		size++;
	*line = span_part(*rest, 0, size);
	*rest = span_from(*rest, size + 1);
	return true;
}

static const char *
service_of(const struct node *node)
{
	return strstr(node->name, "nvram") != NULL || strstr(node->name, "default") != NULL
		   ? "web server"
		   : "vendor";
}

/* A second user, password or network begins another group. */
static bool
is_repeated(const struct service_group *group, struct span name)
{
	switch (service_word_of(name)) {
	case WORD_USER:
		return group->user.at != NULL;
	case WORD_PASSWORD:
		return group->password.at != NULL;
	case WORD_SSID:
		return group->ssid.at != NULL && group->key.at != NULL;
	case WORD_KEY:
		return group->key.at != NULL;
	default:
		return false;
	}
}

static enum status
end_values(struct service_reading *reading, const struct service_group *group)
{
	return service_group_end(
	    reading, group, service_of(reading->node), PASSWORD_OF_SERVICE, false);
}

enum status
service_accounts_read_values(struct service_reading *reading)
{
	struct span rest = reading->content, line;
	struct service_group group = {0};
	bool elsewhere = false;

	while (value_next(&rest, &line)) {
		struct span name, value = span_trim(line);

		if (value.size == 0 || strchr("#;", value.at[0]) != NULL)
			continue;
		if (value.at[0] == '[') {
			TRY(end_values(reading, &group));
			group = (struct service_group){0};
			elsewhere = service_is_elsewhere(value);
			continue;
		}
		name = span_trim(field_next(&value, '='));
		if (elsewhere || service_word_of(name) == WORD_OTHER)
			continue;
		if (is_repeated(&group, name)) {
			TRY(end_values(reading, &group));
			group = (struct service_group){0};
		}
		service_group_hear(&group, name, span_unquote(span_trim(value)));
	}
	return end_values(reading, &group);
}
