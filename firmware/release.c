/* A version is digits and dots, and then a few letters that have to end a word. */
#include "firmware/release.h"

#include <string.h>

#include "firmware/reading.h"

#define MOST_DOTS 5
#define LONGEST_FIRST 8 /* digits of the first number: a date has eight */
#define LONGEST_LETTERS 6

bool
byte_is_digit(struct span at, size_t i)
{
	return i < at.size && at.at[i] >= '0' && at.at[i] <= '9';
}

bool
byte_is_letter(struct span at, size_t i)
{
	return i < at.size && ((at.at[i] | 0x20) >= 'a' && (at.at[i] | 0x20) <= 'z');
}

static size_t
digits(struct span at, size_t i)
{
	while (byte_is_digit(at, i))
		i++;
	return i;
}

size_t
release_size(struct span at, bool bare)
{
	size_t end, dots = 0, letters;

	at = span_part(at, 0, at.size < 64 ? at.size : 64);
	end = digits(at, 0);
	if (end == 0 || end > LONGEST_FIRST)
		return 0;
	while (
	    end < at.size && at.at[end] == '.' && byte_is_digit(at, end + 1) && dots < MOST_DOTS) {
		end = digits(at, end + 1);
		dots++;
	}
	if (bare)
		return dots == 0 || end >= RELEASE_MAX ? 0 : end;
	letters = end + (end < at.size && at.at[end] == '-' && byte_is_letter(at, end + 1));
	if (byte_is_letter(at, letters)) {
		size_t start = letters;

		while (byte_is_letter(at, letters) && letters - start < LONGEST_LETTERS)
			letters++;
		end = digits(at, letters);
	}
	if (dots == 0 || end >= RELEASE_MAX || byte_is_letter(at, end) ||
	    (end < at.size && at.at[end] == '_'))
		return 0;
	/* a full stop ends a sentence; before a word it is part of a name, or of what overlaps */
	if (end + 1 < at.size && at.at[end] == '.' &&
	    (byte_is_letter(at, end + 1) || at.at[end + 1] == '/'))
		return 0;
	return end;
}

bool
release_read(struct span at, bool bare, struct release *release)
{
	size_t size = release_size(at, bare);

	if (size == 0)
		return false;
	*release = (struct release){.size = size};
	memcpy(release->version, at.at, size);
	return true;
}

size_t
release_dots(const char *version)
{
	size_t dots = 0;

	for (; *version != '\0'; version++)
		dots += *version == '.';
	return dots;
}

/* What stands before `mark`, or everything. */
static struct span
before(struct span bytes, const char *mark)
{
	size_t at = span_find(bytes, mark, strlen(mark), 0);

	return at == SIZE_MAX || at == 0 ? bytes : span_part(bytes, 0, at);
}

struct span
release_upstream(struct span version)
{
	static const char really[] = "+really";
	struct span rest = version, epoch = field_next(&rest, ':');
	size_t at;

	if (epoch.size < version.size && span_number(epoch, 999) >= 0)
		version = rest;
	/* a revision begins with a digit, Alpine's with r: "2.1.12-stable" is upstream's */
	for (size_t i = version.size; i > 1; i--) {
		if (version.at[i - 1] != '-')
			continue;
		if (byte_is_digit(version, i) || i == version.size ||
		    (version.at[i] == 'r' && byte_is_digit(version, i + 1)))
			version = span_part(version, 0, i - 1);
		break;
	}
	at = span_find(version, really, sizeof really - 1, 0);
	if (at != SIZE_MAX && at + sizeof really - 1 < version.size)
		version = span_from(version, at + sizeof really - 1);
	version = before(before(version, "+"), ".dfsg");
	at = span_find(version, "~", 1, 0);
	if (at != SIZE_MAX && at != 0 && !span_begins(span_from(version, at), "~rc") &&
	    !span_begins(span_from(version, at), "~beta"))
		version = span_part(version, 0, at);
	return version;
}
