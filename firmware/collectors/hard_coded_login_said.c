/* What one command writes, another reads: a password from a pipe, or from the lines behind it. */
#include <string.h>

#include "base/text.h"
#include "firmware/collectors/hard_coded_login.h"
#include "firmware/reading.h"

#define MAX_SAID HARD_CODED_SAID
#define MAX_TEXT ((size_t)4096) /* bytes in which the lines and their end must lie */

static void
say(char *text, size_t *size, const char *more, size_t more_size)
{
	if (more_size >= MAX_SAID - *size)
		more_size = MAX_SAID - *size - 1;
	memcpy(text + *size, more, more_size);
	*size += more_size;
	text[*size] = '\0';
}

void
hard_coded_remember(struct hard_coded_said *said, const struct shell_command *command)
{
	bool formats = text_ends_with(command->words[0], "printf");
	size_t size = 0, first = 1, next;
	const char *at, *sign;

	memcpy(said->before, said->age == 1 ? said->text : "", said->age == 1 ? MAX_SAID : 1);
	said->text[0] = '\0';
	said->offset = command->offset;
	said->age = 0;
	while (first < command->word_count && command->words[first][0] == '-' &&
	       strlen(command->words[first]) < 4)
		first++;
	next = first + 1;
	for (size_t i = first; i < command->word_count && !formats; i++) {
		say(said->text, &size, " ", i > first);
		say(said->text, &size, command->words[i], strlen(command->words[i]));
	}
	if (!formats || first >= command->word_count)
		return;
	for (at = command->words[first]; (sign = strstr(at, "%s")) != NULL; at = sign + 2) {
		say(said->text, &size, at, (size_t)(sign - at));
		if (next < command->word_count)
			say(said->text, &size, command->words[next], strlen(command->words[next]));
		next++;
	}
	say(said->text, &size, at, strlen(at));
}

bool
hard_coded_remember_text(const struct login_reading *reading, struct hard_coded_said *said,
    const struct shell_command *command)
{
	struct span rest = span_from(reading->content, command->offset), line;
	const char *end = NULL;
	bool is_line = false;
	size_t size = 0;

	rest.size = rest.size < MAX_TEXT ? rest.size : MAX_TEXT;
	for (size_t i = 1; i < command->word_count && end == NULL; i++) {
		end = strncmp(command->words[i], "<<", 2) == 0 ? command->words[i] + 2 : NULL;
		is_line = end != NULL && end[0] == '<';
		if (end != NULL)
			end += strspn(end, "<-");
		if (end != NULL && end[0] == '\0')
			end = i + 1 < command->word_count ? command->words[i + 1] : NULL;
	}
	if (end == NULL)
		return false;
	said->text[0] = said->before[0] = '\0';
	said->offset = command->offset;
	if (is_line) {
		say(said->text, &size, end, strlen(end));
		return true;
	}
	line_next(&rest, &line);
	for (int i = 0; i < HARD_CODED_LINES && line_next(&rest, &line); i++) {
		if (span_is(span_trim(line), end))
			return true;
		say(said->text, &size, (const char *)line.at, line.size);
		say(said->text, &size, "\\n", 2);
	}
	return false;
}

struct span
hard_coded_said_next(struct span *rest)
{
	size_t end = span_find(*rest, "\\n", 2, 0);
	struct span line = span_part(*rest, 0, end == SIZE_MAX ? rest->size : end);

	*rest = span_from(*rest, end == SIZE_MAX ? rest->size : end + 2);
	return line;
}
