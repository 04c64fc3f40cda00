/* Scripts that are words of another: sh -c, eval, alias, trap. */
#include <string.h>

#include "base/arena.h"
#include "firmware/launch.h"
#include "firmware/script.h"

static bool
is_shell(const char *word)
{
	static const char *const names[] = {"sh", "ash", "bash", "dash", "hush"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(launch_base_name(word), names[i]) == 0)
			return true;
	return false;
}

/* The text stands in the script that is read, or is made of it: so it may be told where. */
enum status
script_run_text(struct script *script, const char *text, struct shell_command *command, size_t from,
    enum truth here, enum block_kind kind)
{
	struct kept_file *file = arena_allocate(script->job, sizeof *file);
	size_t size = strlen(text), at;

	if (file == NULL)
		return STATUS_LIMIT;
	*file = *script->at;
	at = span_find(script->at->content, text, size, command->offset);
	file->content = at == SIZE_MAX ? span_of_string(arena_string(script->job, text, size))
				       : span_part(script->at->content, at, size);
	if (file->content.at == NULL)
		return STATUS_LIMIT;
	return script_call(script, file, command, from, here, kind);
}

/* eval, an alias: the words are put together, and read again. */
enum status
script_run_again(
    struct script *script, const char *first, struct shell_command *command, enum truth here)
{
	struct text text = text_new(script->job);
	const char *plain;

	text_put(&text, first);
	for (size_t i = 1; i < command->word_count; i++) {
		text_put(&text, " ");
		text_put(&text, command->words[i]);
	}
	TRY(text_finish(&text, &plain));
	/* the output of a command is no text that could be read */
	if (strstr(plain, "$(") != NULL || strchr(plain, '`') != NULL) {
		script_note_open(script, here);
		return STATUS_OK;
	}
	return script_run_text(script, plain, command, command->word_count, here, BLOCK_SOURCE);
}

/* What a trap is set for comes perhaps. */
enum status
script_run_trap(struct script *script, struct shell_command *command, enum truth here)
{
	if (command->word_count < 3 || strchr("-0123456789", command->words[1][0]) != NULL)
		return STATUS_OK;
	return script_run_text(script, command->words[1], command, command->word_count,
	    truth_and(here, MAYBE), BLOCK_CALL);
}

void
script_set_aliases(struct script *script, const struct shell_command *command)
{
	for (size_t i = 1; i < command->word_count; i++) {
		const char *end = strchr(command->words[i], '=');
		const char *name = end == NULL
				       ? NULL
				       : arena_printf(script->job, "alias %.*s",
					     (int)(end - command->words[i]), command->words[i]);

		if (name != NULL)
			shell_set(&script->shell, name, end + 1, command->doubtful);
	}
}

/* The words that stand for a name, where it is not one of them itself; NULL. */
const char *
script_alias(const struct script *script, const char *word)
{
	char name[32] = "alias ";
	const struct shell_variable *alias;
	size_t size = strlen(word);

	if (size + 7 > sizeof name)
		return NULL;
	memcpy(name + 6, word, size + 1);
	alias = shell_variable(&script->shell, name);
	if (alias == NULL || (strncmp(alias->value, word, size) == 0 &&
				 (alias->value[size] == ' ' || alias->value[size] == '\0')))
		return NULL;
	return alias->value;
}

const char *
script_text(const struct shell_command *command, size_t *at)
{
	size_t i = *at;
	bool text = false;

	if (!is_shell(command->words[i]))
		return NULL;
	for (i++; i < command->word_count && command->words[i][0] == '-'; i++) {
		text |= command->words[i][1] != '-' && strchr(command->words[i], 'c') != NULL;
	}
	*at = i;
	return text && i < command->word_count ? command->words[i] : NULL;
}

/* A shell that reads its script from another command, or from what follows. */
bool
script_reads_on(
    const struct script *script, const struct shell_command *command, size_t program, size_t at)
{
	const struct block *frame = &script->frames[script->frame_count - 1];
	const char *word = at < command->word_count ? command->words[at] : NULL;

	if (!is_shell(command->words[program]))
		return false;
	if (word == NULL)
		return frame->piped || strcmp(command->ended_by, "(") == 0;
	return strncmp(word, "<<", 2) == 0 ||
	       (word[0] == '<' && word[1] == '\0' && at + 1 == command->word_count);
}
