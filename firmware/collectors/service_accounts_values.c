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

/* "value # remark" */
static struct span
without_remark(struct span value)
{
	size_t end = span_find(value, " #", 2, 0);

	return end == SIZE_MAX ? value : span_trim(span_part(value, 0, end));
}

/* A line of YAML that is less far in, or begins a member of a list, begins another group. */
struct yaml {
	struct service_group group;
	struct span name;                /* of the group */
	size_t indent, elsewhere_indent; /* SIZE_MAX: not known, and not elsewhere */
};

static enum status
end_yaml(struct service_reading *reading, struct yaml *yaml, size_t indent)
{
	enum status status = service_group_end(
	    reading, &yaml->group, "vendor", PASSWORD_OF_SERVICE, service_is_of_users(yaml->name));

	yaml->group = (struct service_group){0};
	yaml->indent = indent;
	return status;
}

enum status
service_accounts_read_yaml(struct service_reading *reading)
{
	struct span rest = reading->content, line;
	struct yaml yaml = {.indent = SIZE_MAX, .elsewhere_indent = SIZE_MAX};

	while (line_next(&rest, &line)) {
		struct span value = span_trim(line), name;
		size_t indent = value.size == 0 ? 0 : (size_t)(value.at - line.at);
		bool is_member = span_begins(value, "- ");

		if (value.size == 0 || value.at[0] == '#' || span_begins(value, "---"))
			continue;
		if (is_member) {
			value = span_trim(span_from(value, 2));
			indent = value.size == 0 ? indent : (size_t)(value.at - line.at);
		}
		if (yaml.elsewhere_indent != SIZE_MAX && indent > yaml.elsewhere_indent)
			continue;
		yaml.elsewhere_indent = SIZE_MAX;
		if (is_member || indent != yaml.indent)
			TRY(end_yaml(reading, &yaml, indent));
		name = span_unquote(span_trim(field_next(&value, ':')));
		value = without_remark(span_trim(value));
		if (value.size != 0) {
			service_group_hear(&yaml.group, name, span_unquote(value));
			continue;
		}
		yaml.name = name;
		if (service_is_elsewhere(name))
			yaml.elsewhere_indent = indent;
	}
	return end_yaml(reading, &yaml, 0);
}
