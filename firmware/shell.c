/* A boot script names what it starts; its words are read, never run. */
#include "firmware/shell.h"

#include <string.h>

#include "base/job.h"
#include "firmware/reading.h"

#define MAX_SCRIPT ((size_t)256 << 10)

/* Where the words of one command are put together. */
struct writer {
	struct shell_command *command;
	size_t used;
	bool in_word;
};

struct shell
shell_new(struct span script)
{
	script.size = script.size < MAX_SCRIPT ? script.size : MAX_SCRIPT;
	return (struct shell){.script = script};
}

static void
put(struct writer *writer, char c)
{
	struct shell_command *command = writer->command;

	if (!writer->in_word) {
		if (command->word_count == SHELL_MAX_WORDS ||
		    writer->used + 2 > sizeof command->bytes) {
			command->cut = true;
			return;
		}
		command->words[command->word_count++] = command->bytes + writer->used;
		writer->in_word = true;
	}
	if (writer->used + 2 > sizeof command->bytes)
		command->cut = true;
	else
		command->bytes[writer->used++] = c;
}

static void
end_word(struct writer *writer)
{
	if (writer->in_word)
		writer->command->bytes[writer->used++] = '\0';
	writer->in_word = false;
}

/* An empty pair of quotes is a word too. */
static void
begin_word(struct writer *writer)
{
	size_t used = writer->used;

	put(writer, '\0');
	writer->used = used;
}

static bool
is_name(char c, bool first)
{
	return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (!first && c >= '0' && c <= '9');
}

static const char *
value_of(const struct shell *shell, struct span name)
{
	for (size_t i = 0; i < shell->variable_count; i++)
		if (span_is(name, shell->variables[i].name))
			return shell->variables[i].value;
	return NULL;
}

static void
put_value(struct writer *writer, const char *value, bool quoted)
{
	for (; *value != '\0'; value++) {
		if (!quoted && (*value == ' ' || *value == '\t'))
			end_word(writer);
		else
			put(writer, *value);
	}
}

/* `$NAME`, `${NAME}` or `${NAME:-default}` at shell->at: its value, or as written. */
static void
put_variable(struct shell *shell, struct writer *writer, bool quoted)
{
	struct span rest = span_from(shell->script, shell->at + 1), name;
	bool brace = span_begins(rest, "{");
	size_t size = 0, end;
	const char *value;

	if (brace)
		rest = span_from(rest, 1);
	while (size < rest.size && is_name((char)rest.at[size], size == 0))
		size++;
	name = span_part(rest, 0, size);
	end = size;
	while (brace && end < rest.size && rest.at[end] != '}' && rest.at[end] != '\n')
		end++;
	value = size == 0 ? NULL : value_of(shell, name);
	end = shell->at + 1 + brace + end + (brace && end < rest.size && rest.at[end] == '}');
	if (value != NULL)
		put_value(writer, value, quoted);
	for (size_t i = shell->at; value == NULL && i < end; i++)
		put(writer, (char)shell->script.at[i]);
	shell->at = end;
}

/* Inside quotes up to the closing one; shell->at stands behind the opening one. */
static void
put_quoted(struct shell *shell, struct writer *writer, char quote)
{
	begin_word(writer);
	while (shell->at < shell->script.size) {
		char c = (char)shell->script.at[shell->at];

		if (c == quote) {
			shell->at++;
			return;
		}
		if (quote == '"' && c == '$') {
			put_variable(shell, writer, true);
			continue;
		}
		if (quote == '"' && c == '\\' && shell->at + 1 < shell->script.size)
			c = (char)shell->script.at[++shell->at];
		put(writer, c == '\n' || c == '\0' ? ' ' : c);
		shell->at++;
	}
}

static void
skip_line(struct shell *shell)
{
	while (shell->at < shell->script.size && shell->script.at[shell->at] != '\n')
		shell->at++;
}

/* One character outside quotes; true when it ends the command. */
static bool
step(struct shell *shell, struct writer *writer, char *ended_by)
{
	char c = (char)shell->script.at[shell->at];

	switch (c) {
	case ' ':
	case '\t':
	case '\r':
		end_word(writer);
		break;
	case '\'':
	case '"':
		shell->at++;
		put_quoted(shell, writer, c);
		return false;
	case '$':
		put_variable(shell, writer, false);
		return false;
	case '\\':
		if (++shell->at < shell->script.size && shell->script.at[shell->at] != '\n')
			put(writer, (char)shell->script.at[shell->at]);
		break;
	case '#':
		if (!writer->in_word) {
			skip_line(shell);
			return false;
		}
		put(writer, c);
		break;
	case '&':
		if (writer->used != 0 && writer->command->bytes[writer->used - 1] == '>') {
			put(writer, c); /* 2>&1 */
			break;
		}
		__attribute__((fallthrough));
	case '\n':
	case ';':
	case '|':
	case '(':
	case ')':
	case '`':
		*ended_by = c;
		shell->at++;
		return true;
	default:
		put(writer, c == '\0' ? ' ' : c);
	}
	shell->at++;
	return false;
}

/* NAME=VALUE as a whole word: remembered. */
static bool
remember(struct shell *shell, const char *word)
{
	struct span rest = span_of_string(word), name = field_next(&rest, '=');
	struct shell_variable *variable = NULL;

	if (name.size == strlen(word) || name.size == 0 || name.size >= sizeof variable->name)
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (!is_name((char)name.at[i], i == 0))
			return false;
	for (size_t i = 0; i < shell->variable_count; i++)
		if (span_is(name, shell->variables[i].name))
			variable = &shell->variables[i];
	if (variable == NULL && shell->variable_count < SHELL_MAX_VARIABLES)
		variable = &shell->variables[shell->variable_count++];
	if (variable == NULL || rest.size >= sizeof variable->value)
		return true;
	*variable = (struct shell_variable){0};
	memcpy(variable->name, name.at, name.size);
	if (rest.size != 0)
		memcpy(variable->value, rest.at, rest.size);
	return true;
}

static void
drop_first(struct shell_command *command)
{
	command->word_count--;
	memmove(command->words, command->words + 1, command->word_count * sizeof *command->words);
}

static bool
is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/* Takes reserved words and assignments off the front, and counts the depth. */
static void
strip(struct shell *shell, struct shell_command *command)
{
	static const char *const opening[] = {"if", "while", "until", "for", "case", "{"};
	static const char *const closing[] = {"fi", "done", "esac", "}"};
	static const char *const plain[] = {
	    "then", "else", "elif", "do", "!", "export", "local", "readonly"};

	while (command->word_count != 0) {
		const char *word = command->words[0];

		if (is_one_of(word, opening, ARRAY_SIZE(opening)))
			shell->depth++;
		else if (is_one_of(word, closing, ARRAY_SIZE(closing)))
			shell->depth -= shell->depth > 0;
		else if (!is_one_of(word, plain, ARRAY_SIZE(plain)) && !remember(shell, word))
			return;
		drop_first(command);
		if (strcmp(word, "for") == 0 || strcmp(word, "case") == 0)
			command->word_count = 0; /* a list of words, no command */
	}
}

static void
read_command(struct shell *shell, struct shell_command *command, char *ended_by)
{
	struct writer writer = {.command = command};

	command->word_count = 0;
	command->cut = false;
	while (shell->at < shell->script.size &&
	       strchr(" \t\r\n;", shell->script.at[shell->at]) != NULL &&
	       shell->script.at[shell->at] != '\0')
		shell->at++;
	command->offset = shell->at;
	while (shell->at < shell->script.size)
		if (step(shell, &writer, ended_by))
			break;
	end_word(&writer);
}

bool
shell_next(struct shell *shell, struct shell_command *command)
{
	while (shell->at < shell->script.size) {
		char ended_by = '\0';

		read_command(shell, command, &ended_by);
		if (ended_by == '(' && command->word_count == 1 && shell->at < shell->script.size &&
		    shell->script.at[shell->at] == ')')
			continue; /* a function's name */
		strip(shell, command);
		if (command->word_count != 0)
			return true;
	}
	return false;
}

void
shell_split(struct span line, struct shell_command *command)
{
	struct shell shell = shell_new(line);
	struct writer writer = {.command = command};
	char ended_by = '\0';

	command->word_count = 0;
	command->cut = false;
	command->offset = 0;
	while (shell.at < shell.script.size)
		if (step(&shell, &writer, &ended_by))
			end_word(&writer);
	end_word(&writer);
}
