/* Brackets and strings are all one has to know of JSON to find the members of an object. */
#include "firmware/json_members.h"

#include "firmware/reading.h"

/* Takes a string that begins at the quote `at`; SIZE_MAX when it does not end. */
static size_t
string_end(struct span text, size_t at)
{
	for (size_t i = at + 1; i < text.size; i++) {
		if (text.at[i] == '\\')
			i++;
		else if (text.at[i] == '"')
			return i;
	}
	return SIZE_MAX;
}

static size_t
skip_blanks(struct span text, size_t at)
{
	while (at < text.size && (text.at[at] == ' ' || text.at[at] == '\t' ||
				     text.at[at] == '\n' || text.at[at] == '\r'))
		at++;
	return at;
}

/* After a name of the outermost object: its value when that is a string. */
static bool
value_of(struct span text, size_t at, struct span *value)
{
	size_t end;

	at = skip_blanks(text, at);
	if (at >= text.size || text.at[at] != ':')
		return false;
	at = skip_blanks(text, at + 1);
	if (at >= text.size || text.at[at] != '"')
		return false;
	end = string_end(text, at);
	*value = end == SIZE_MAX ? (struct span){0} : span_part(text, at + 1, end - at - 1);
	return end != SIZE_MAX;
}

bool
json_members_read(struct span text, struct json_member *members, size_t count)
{
	size_t at = skip_blanks(text, 0), depth = 0;

	if (at >= text.size || text.at[at] != '{')
		return false;
	for (; at < text.size; at++) {
		uint8_t byte = text.at[at];

		if (byte == '{' || byte == '[')
			depth++;
		if ((byte == '}' || byte == ']') && --depth == 0)
			return true;
		if (byte == '"') {
			size_t end = string_end(text, at);
			struct span name, value;

			if (end == SIZE_MAX)
				return false;
			name = span_part(text, at + 1, end - at - 1);
			for (size_t i = 0; depth == 1 && i < count; i++)
				if (span_is(name, members[i].name) &&
				    value_of(text, end + 1, &value))
					members[i].value = value;
			at = end;
		}
	}
	return false;
}
