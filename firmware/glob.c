/* Only the last star is ever gone back to, so no pattern takes long. */
#include "firmware/glob.h"

#include <stddef.h>
#include <string.h>

/* One character against the set behind "["; `*end` is behind its "]", NULL when there is none. */
static bool
in_set(const char *set, char c, const char **end)
{
	bool negative = *set == '!' || *set == '^', found = false;
	const char *at = set + negative;

	do {
		if (*at == '\0') {
			*end = NULL;
			return false;
		}
		if (at[1] == '-' && at[2] != ']' && at[2] != '\0') {
			found |= at[0] <= c && c <= at[2];
			at += 3;
		} else
			found |= *at++ == c;
	} while (*at != ']');
	*end = at + 1;
	return found != negative;
}

/* One character against what stands at `*pattern`, which then stands behind it. */
static bool
one(const char **pattern, char c)
{
	const char *at = *pattern, *end;
	bool matches;

	if (*at == '[') {
		matches = in_set(at + 1, c, &end);
		if (end != NULL) {
			*pattern = end;
			return matches;
		}
	}
	if (*at == '?') {
		*pattern = at + 1;
		return true;
	}
	at += *at == '\\' && at[1] != '\0';
	*pattern = at + 1;
	return *at == c;
}

bool
glob_matches(const char *pattern, const char *string)
{
	const char *star = NULL, *retry = NULL;

	while (*string != '\0') {
		const char *next = pattern;

		if (*pattern == '*') {
			star = ++pattern;
			retry = string;
			continue;
		}
		if (*pattern != '\0' && one(&next, *string)) {
			pattern = next;
			string++;
			continue;
		}
		if (star == NULL)
			return false;
		pattern = star;
		string = ++retry;
	}
	return pattern[strspn(pattern, "*")] == '\0';
}
