/* Lines with names, as in HTTP; a line that is none is passed over. */
#include "device/sip_answer.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define LINES_MAX 100

static bool
next_line(struct span *rest, struct span *line)
{
	size_t end = span_find(*rest, "\n", 1, 0);

	if (end == SIZE_MAX)
		return false;
	*line = span_part(*rest, 0, end);
	*rest = span_from(*rest, end + 1);
	if (line->size > 0 && line->at[line->size - 1] == '\r')
		line->size--;
	return true;
}

/* The value of a line that begins with `name`; false for another. */
static bool
value_of(struct span line, const char *name, struct span *value)
{
	size_t size = strlen(name);

	if (line.size <= size || line.at[size] != ':' ||
	    strncasecmp((const char *)line.at, name, size) != 0)
		return false;
	*value = span_from(line, size + 1);
	while (value->size > 0 && (value->at[0] == ' ' || value->at[0] == '\t'))
		*value = span_from(*value, 1);
	return true;
}

static void
take_challenge(struct job *job, struct span value, struct sip_answer *answer)
{
	size_t from = span_find(value, "realm=\"", 7, 0), end;

	if (span_starts_with(value, "Digest", 6))
		answer->scheme = "digest";
	else if (span_starts_with(value, "Basic", 5))
		answer->scheme = "basic";
	if (from == SIZE_MAX)
		return;
	end = span_find(value, "\"", 1, from + 7);
	if (end != SIZE_MAX)
		answer->realm = text_from_bytes(job, value.at + from + 7, end - from - 7, 200);
}

static bool
read_code(struct span line, unsigned *code)
{
	*code = 0;
	if (!span_starts_with(line, "SIP/2.0 ", 8) || line.size < 11)
		return false;
	for (size_t i = 8; i < 11; i++) {
		if (line.at[i] < '0' || line.at[i] > '9')
			return false;
		*code = *code * 10 + (unsigned)(line.at[i] - '0');
	}
	return *code >= 100 && (line.size == 11 || line.at[11] == ' ');
}

bool
sip_read(struct job *job, struct span bytes, struct sip_answer *answer)
{
	struct span line, value;

	*answer = (struct sip_answer){0};
	if (!next_line(&bytes, &line) || !read_code(line, &answer->code))
		return false;
	for (unsigned i = 0; i < LINES_MAX && next_line(&bytes, &line); i++) {
		if (line.size == 0)
			return true;
		if (answer->server == NULL &&
		    (value_of(line, "Server", &value) || value_of(line, "User-Agent", &value)))
			answer->server = text_from_bytes(job, value.at, value.size, 200);
		if (value_of(line, "WWW-Authenticate", &value) ||
		    value_of(line, "Proxy-Authenticate", &value))
			take_challenge(job, value, answer);
	}
	return false; /* its head has no end */
}
