/* A compiler puts a version that is printed with %s into a string of its own. */
#include "firmware/lone.h"

#include <string.h>

#include "firmware/reading.h"

#define LONGEST 32

/* "2016-06-14" or "13-Jul-2019", behind a blank or a comma and a blank */
static bool
is_date(struct span rest)
{
	size_t digits = 0;

	if (!span_begins(rest, " ") && !span_begins(rest, ", "))
		return false;
	for (size_t i = 0; i < rest.size; i++)
		digits += byte_is_digit(rest, i);
	return digits >= 5 && digits <= 8 && rest.size >= 10 && rest.size <= 14;
}

static bool
is_address(const char *version)
{
	struct span rest = span_of_string(version), part;
	size_t parts = 0;

	while (rest.size != 0 && parts < 5) {
		part = field_next(&rest, '.');
		if (span_number(part, 255) == UNKNOWN)
			return false;
		parts++;
	}
	return parts == 4;
}

static void
take(struct span content, struct span string, struct lones *lones)
{
	struct lone *lone = &lones->list[lones->count];
	struct span word = span_begins(string, "v") ? span_from(string, 1) : string;
	struct release release;
	struct span rest;

	if (!byte_is_digit(word, 0) || !release_read(word, false, &release))
		return;
	rest = span_from(word, release.size);
	if (rest.size != 0 && !is_date(rest))
		return;
	/* an address has four numbers; so has a version like socat's, which begins with 1 */
	if (is_address(release.version) && release.version[1] != '.')
		return;
	if (strncmp(release.version, "802.", 4) == 0)
		return;
	lone->at = (size_t)(word.at - content.at);
	memcpy(lone->version, release.version, sizeof lone->version);
	lone->tail = rest.size == 0 ? LONE_NO_TAIL : LONE_DATE;
	lones->count++;
}

void
lones_find(struct span content, struct lones *lones)
{
	size_t at = 0;

	*lones = (struct lones){.count = 0};
	while (at < content.size && lones->count < LONES_MAX) {
		const uint8_t *nul = memchr(content.at + at, '\0', content.size - at);
		size_t end = nul == NULL ? content.size : (size_t)(nul - content.at);
		size_t begin = end;

		/* a constant of another nature may stand right before a string */
		while (begin > at && end - begin <= LONGEST && content.at[begin - 1] >= ' ' &&
		       content.at[begin - 1] < 0x7f)
			begin--;
		if (end - begin >= 3 && end - begin <= LONGEST)
			take(content, span_part(content, begin, end - begin), lones);
		at = end + 1;
	}
}
