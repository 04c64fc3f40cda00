/*
 * Lists, days and messages are read and said in one way by all commands.
 */
#include "app/words.h"

#include <string.h>

#include "assess/report_text.h"
#include "base/arena.h"
#include "base/message.h"
#include "base/text.h"
#include "cert/day.h"

#define MAX_WORDS 64

enum status
subcommand_run(struct invocation *invocation, const struct subcommand *subcommands, size_t count)
{
	struct text names = text_new(invocation->job);
	const char *all;

	for (size_t i = 0; i < count; i++) {
		text_printf(&names, "%s%s", i == 0 ? "" : ", ", subcommands[i].name);
		if (invocation->argc == 0 || strcmp(invocation->argv[0], subcommands[i].name) != 0)
			continue;
		invocation->argc--;
		invocation->argv++;
		return subcommands[i].run(invocation);
	}
	TRY(text_finish(&names, &all));
	return fail(invocation->job, STATUS_USAGE, "which of %s?", all);
}

enum status
words_split(struct job *job, const char *list, const char ***items, size_t *count)
{
	const char **words = arena_array(job, MAX_WORDS, sizeof(*words));

	if (words == NULL)
		return STATUS_LIMIT;
	for (*count = 0; *list != '\0';) {
		size_t size = strcspn(list, ",");

		if (size == 0 || *count == MAX_WORDS)
			return fail(job, STATUS_USAGE,
			    "a list has 1 to %d words and a comma between", MAX_WORDS);
		words[*count] = arena_string(job, list, size);
		if (words[(*count)++] == NULL)
			return STATUS_LIMIT;
		list += size + (list[size] == ',');
	}
	*items = words;
	return *count > 0 ? STATUS_OK : fail(job, STATUS_USAGE, "a list is empty");
}

enum status
words_moment(struct job *job, const char *option, const char *text, bool last, int64_t *moment)
{
	int64_t first_second, last_second;

	if (text_parse_time(text, moment))
		return STATUS_OK;
	if (!day_bounds(text, &first_second, &last_second))
		return fail(job, STATUS_USAGE,
		    "--%s %s: not a day (YYYY-MM-DD) or a time (YYYY-MM-DDThh:mm:ssZ)", option,
		    text);
	*moment = last ? last_second : first_second;
	return STATUS_OK;
}

const char *
words_fill(struct job *job, int language, const char *english, const char *const data[3])
{
	const char *from = message(language, english), *filled;
	struct text out = text_new(job);
	size_t next = 0;

	for (const char *hole; next < 3 && (hole = strstr(from, "{}")) != NULL; next++) {
		text_put_bytes(&out, from, (size_t)(hole - from));
		text_put(&out, data[next] == NULL ? "" : data[next]);
		from = hole + 2;
	}
	text_put(&out, from);
	return text_finish(&out, &filled) == STATUS_OK ? filled : "…";
}

void
say_words(int language, const char *english, const char *const data[3])
{
	const char *text = message(language, english);
	size_t next = 0;

	for (const char *hole; next < 3 && (hole = strstr(text, "{}")) != NULL; next++) {
		say("%.*s%s", (int)(hole - text), text, data[next] == NULL ? "" : data[next]);
		text = hole + 2;
	}
	say("%s", text);
}

void
say_message(int language, const char *english, const char *const data[3])
{
	say_words(language, english, data);
	say("\n");
}

enum status
words_need(struct job *job, const char *option, const char *value)
{
	if (value != NULL && value[0] != '\0')
		return STATUS_OK;
	return fail(job, STATUS_USAGE, "--%s is needed", option);
}

const char *
words_clean(struct job *job, const char *string)
{
	bool strange = !text_is_utf8(string, strlen(string));

	for (const char *at = string; *at != '\0'; at++)
		strange |= (unsigned char)*at < 0x20 || *at == 0x7f;
	if (strange)
		string = text_from_bytes(job, string, strlen(string), 4096);
	if (string != NULL)
		string = report_clean(job, string);
	return string == NULL ? "…" : string;
}
