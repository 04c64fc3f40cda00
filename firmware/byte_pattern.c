/* A place that a few fixed bytes led to is looked at whole here: the search for all of it would be
 * dear. */
#include "firmware/byte_pattern.h"

static unsigned
digit_of(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Takes "\xNN" off the pattern. */
static uint8_t
take_byte(const char **pattern)
{
	uint8_t byte = (uint8_t)(digit_of((*pattern)[2]) << 4 | digit_of((*pattern)[3]));

	*pattern += 4;
	return byte;
}

static bool
is_in_class(const char **pattern, uint8_t byte)
{
	bool found = false;

	for ((*pattern)++; **pattern != ']';) {
		uint8_t first = take_byte(pattern), last = first;

		if (**pattern == '-') {
			(*pattern)++;
			last = take_byte(pattern);
		}
		found |= byte >= first && byte <= last;
	}
	(*pattern)++;
	return found;
}

bool
byte_pattern_matches(const char *pattern, struct span bytes)
{
	for (size_t i = 0; *pattern != '\0'; i++) {
		bool matches = true;

		if (i == bytes.size)
			return false;
		if (*pattern == '.')
			pattern++;
		else if (*pattern == '[')
			matches = is_in_class(&pattern, bytes.at[i]);
		else
			matches = take_byte(&pattern) == bytes.at[i];
		if (!matches)
			return false;
	}
	return true;
}
