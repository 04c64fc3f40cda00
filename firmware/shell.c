/* A boot script names what it starts; its words are read, never run. */
#include "firmware/shell.h"

#include <string.h>

#include "base/job.h"
#include "firmware/reading.h"
#include "firmware/shell_expand.h"

#define MAX_SCRIPT ((size_t)256 << 10)

struct shell
shell_new(struct span script)
{
	script.size = script.size < MAX_SCRIPT ? script.size : MAX_SCRIPT;
	return (struct shell){.script = script};
}

/* What a backslash in double quotes takes the meaning of; before all else it stays. */
static bool
is_escaped(const struct shell *shell)
{
	return shell->at + 1 < shell->script.size &&
	       memchr("$`\"\\\n", shell->script.at[shell->at + 1], 5) != NULL;
}

/* Inside quotes up to the closing one; shell->at stands behind the opening one. */
static void
put_quoted(struct shell *shell, struct shell_writer *writer, char quote)
{
	shell_begin_word(writer);
	while (shell->at < shell->script.size) {
		char c = (char)shell->script.at[shell->at];

		if (c == quote) {
			shell->at++;
			return;
		}
		if (quote == '"' && c == '$') {
			shell_put_variable(shell, writer, true);
			continue;
		}
		if (quote == '"' && c == '`' && shell_put_substitution(shell, writer))
			continue;
		if (quote == '"' && c == '\\' && is_escaped(shell)) {
			c = (char)shell->script.at[++shell->at];
			if (c == '\n') { /* the line goes on */
				shell->at++;
				continue;
			}
		}
		shell_put(writer, c == '\n' || c == '\0' ? ' ' : c);
		shell->at++;
	}
}

static void
skip_line(struct shell *shell)
{
	while (shell->at < shell->script.size && shell->script.at[shell->at] != '\n')
		shell->at++;
}

/* "$" and "`": a value, or the end of the command where no end of it is found. */
static bool
step_special(struct shell *shell, struct shell_writer *writer, char c, char *ended_by)
{
	if (c == '$') {
		shell_put_variable(shell, writer, false);
		return false;
	}
	if (shell_put_substitution(shell, writer))
		return false;
	*ended_by = c;
	shell->at++;
	return true;
}

/* One character outside quotes; true when it ends the command. */
static bool
step(struct shell *shell, struct shell_writer *writer, char *ended_by)
{
	char c = (char)shell->script.at[shell->at];

	switch (c) {
	case ' ':
	case '\t':
	case '\r':
		shell_end_word(writer);
		break;
	case '\'':
	case '"':
		shell->at++;
		put_quoted(shell, writer, c);
		return false;
	case '$':
	case '`':
		return step_special(shell, writer, c, ended_by);
	case '\\':
		if (++shell->at < shell->script.size && shell->script.at[shell->at] != '\n')
			shell_put(writer, (char)shell->script.at[shell->at]);
		break;
	case '#':
		if (!writer->in_word) {
			skip_line(shell);
			return false;
		}
		shell_put(writer, c);
		break;
	case '&':
		if (writer->used != 0 && writer->command->bytes[writer->used - 1] == '>') {
			shell_put(writer, c); /* 2>&1 */
			break;
		}
		__attribute__((fallthrough));
	case '\n':
	case ';':
	case '|':
	case '(':
	case ')':
		*ended_by = c;
		shell->at++;
		return true;
	default:
		shell_put(writer, c == '\0' ? ' ' : c);
	}
	shell->at++;
	return false;
}

void
shell_set(struct shell *shell, const char *name, const char *value, bool doubtful)
{
	struct shell_variable *variable = NULL;

	for (size_t i = 0; i < shell->variable_count; i++)
		if (strcmp(name, shell->variables[i].name) == 0)
			variable = &shell->variables[i];
	if (variable == NULL && shell->variable_count < SHELL_MAX_VARIABLES)
		variable = &shell->variables[shell->variable_count++];
	if (variable == NULL || strlen(name) >= sizeof variable->name) {
		shell->forgot = true;
		return;
	}
	*variable = (struct shell_variable){.doubtful = doubtful};
	memcpy(variable->name, name, strlen(name));
	if (strlen(value) >= sizeof variable->value) { /* too long to keep: not known */
		variable->doubtful = true;
		value = "$";
	}
	memcpy(variable->value, value, strlen(value));
}

bool
shell_assign(struct shell *shell, const char *word, bool doubtful)
{
	struct span rest = span_of_string(word), name = field_next(&rest, '=');
	char copy[sizeof shell->variables[0].name] = "";

	if (name.size == strlen(word) || name.size == 0 || name.size >= sizeof copy)
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (!shell_is_name((char)name.at[i], i == 0))
			return false;
	memcpy(copy, name.at, name.size);
	shell_set(shell, copy, word + name.size + 1, doubtful);
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
		else if (!is_one_of(word, plain, ARRAY_SIZE(plain)) &&
			 !shell_assign(shell, word, false))
			return;
		drop_first(command);
		if (strcmp(word, "for") == 0 || strcmp(word, "case") == 0)
			command->word_count = 0; /* a list of words, no command */
	}
}

static void
read_command(struct shell *shell, struct shell_command *command, char *ended_by)
{
	struct shell_writer writer = {.command = command};
	char before = '\0';

	command->word_count = 0;
	command->cut = command->after_case = false;
	shell->doubt = false;
	while (shell->at < shell->script.size &&
	       strchr(" \t\r\n;", shell->script.at[shell->at]) != NULL &&
	       shell->script.at[shell->at] != '\0') {
		command->after_case |= shell->script.at[shell->at] == ';' && before == ';';
		before = (char)shell->script.at[shell->at++];
	}
	command->offset = shell->at;
	while (shell->at < shell->script.size)
		if (step(shell, &writer, ended_by))
			break;
	shell_end_word(&writer);
	command->doubtful = shell->doubt || command->cut;
}

/* "<<WORD", "<<-WORD" or "<< WORD" in a command: the text up to that line is no script. */
static void
note_text(struct shell *shell, const struct shell_command *command)
{
	for (size_t i = 0; i < command->word_count; i++) {
		const char *word = strstr(command->words[i], "<<");
		size_t size;

		if (word == NULL || word[2] == '<')
			continue;
		word += word[2] == '-' ? 3 : 2;
		if (word[0] == '\0' && i + 1 < command->word_count)
			word = command->words[i + 1];
		size = strcspn(word, "<>");
		if (size == 0 || size >= sizeof shell->here)
			continue;
		memcpy(shell->here, word, size);
		shell->here[size] = '\0';
	}
}

/* Where its last line is missing, it was no such text. */
static void
skip_text(struct shell *shell)
{
	struct span rest = span_from(shell->script, shell->at), line;

	while (shell->unended <= SHELL_MAX_UNENDED && line_next(&rest, &line))
		if (span_is(span_trim(line), shell->here)) {
			shell->at = shell->script.size - rest.size;
			shell->here[0] = '\0';
			return;
		}
	shell->unended++;
	shell->here[0] = '\0';
}

bool
shell_read(struct shell *shell, struct shell_command *command)
{
	static const char *const signs[] = {
	    "&&", "||", "&", "|", ";", "\n", "(", ")", "`"}; /* longer ones first */
	struct span rest;
	char sign = '\0';

	if (shell->at >= shell->script.size)
		return false;
	read_command(shell, command, &sign);
	command->ended_by = "";
	rest = sign == '\0' ? (struct span){0} : span_from(shell->script, shell->at - 1);
	for (size_t i = 0; i < ARRAY_SIZE(signs) && sign != '\0'; i++)
		if (span_begins(rest, signs[i])) {
			command->ended_by = signs[i];
			shell->at += strlen(signs[i]) - 1;
			break;
		}
	/* ";;" is told by the command behind it */
	if (sign == ';')
		shell->at--;
	note_text(shell, command);
	if (sign == '\n' && shell->here[0] != '\0')
		skip_text(shell);
	return true;
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
shell_split_with(struct shell *shell, struct span line, struct shell_command *command)
{
	struct shell_writer writer = {.command = command};
	char ended_by = '\0';

	shell->script = line;
	shell->at = 0;
	shell->doubt = false;
	command->word_count = 0;
	command->cut = command->after_case = false;
	command->offset = 0;
	command->ended_by = "";
	while (shell->at < shell->script.size)
		if (step(shell, &writer, &ended_by))
			shell_end_word(&writer);
	shell_end_word(&writer);
	command->doubtful = shell->doubt || command->cut;
}

void
shell_split(struct span line, struct shell_command *command)
{
	struct shell shell = shell_new(line);

	shell_split_with(&shell, shell.script, command);
}
