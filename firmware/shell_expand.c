/* What is known of a parameter takes its place; the rest stays as written, and leaves doubt. */
#include "firmware/shell_expand.h"

#include <string.h>

#include "firmware/reading.h"

#define MAX_SUBSTITUTION ((size_t)4096)
#define SHOWN_SUBSTITUTION ((size_t)60)

void
shell_put(struct shell_writer *writer, char c)
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

void
shell_end_word(struct shell_writer *writer)
{
	if (writer->in_word)
		writer->command->bytes[writer->used++] = '\0';
	writer->in_word = false;
}

/* An empty pair of quotes is a word too. */
void
shell_begin_word(struct shell_writer *writer)
{
	size_t used = writer->used;

	shell_put(writer, '\0');
	writer->used = used;
}

bool
shell_is_name(char c, bool first)
{
	return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (!first && c >= '0' && c <= '9');
}

static const struct shell_variable *
variable_of(const struct shell *shell, struct span name)
{
	for (size_t i = 0; i < shell->variable_count; i++)
		if (span_is(name, shell->variables[i].name))
			return &shell->variables[i];
	return NULL;
}

const struct shell_variable *
shell_variable(const struct shell *shell, const char *name)
{
	return variable_of(shell, span_of_string(name));
}

static void
put_value(struct shell_writer *writer, const char *value, bool quoted)
{
	for (; *value != '\0'; value++) {
		if (!quoted && (*value == ' ' || *value == '\t'))
			shell_end_word(writer);
		else
			shell_put(writer, *value);
	}
}

/* The value of "$NAME" in a default; NULL where it is no such word. */
static const char *
default_variable(const struct shell *shell, struct span word)
{
	struct span name = span_from(word, 1);
	const struct shell_variable *variable;

	if (!span_begins(word, "$"))
		return NULL;
	if (span_begins(name, "{") && span_ends(name, "}"))
		name = span_part(name, 1, name.size - 2);
	variable = variable_of(shell, name);
	return variable == NULL || variable->doubtful ? NULL : variable->value;
}

/* Without what stands before a sign (# and ##) or behind it (% and %%); NULL for others. */
static const char *
cut(const char *value, struct span change, char *room, size_t size)
{
	bool front = change.at[0] == '#', most = change.size > 1 && change.at[1] == change.at[0];
	struct span pattern = span_from(change, most ? 2 : 1);
	const char *at;

	if (pattern.size != 2 || pattern.at[front ? 0 : 1] != '*')
		return NULL;
	/* the longest at the front ends at the last sign, the longest at the end begins at the
	 * first */
	at = front == most ? strrchr(value, pattern.at[front ? 1 : 0])
			   : strchr(value, pattern.at[front ? 1 : 0]);
	if (at == NULL || pattern.at[front ? 1 : 0] == '\0')
		return value;
	if (front)
		return at + 1;
	if ((size_t)(at - value) >= size)
		return NULL;
	memcpy(room, value, (size_t)(at - value));
	room[at - value] = '\0';
	return room;
}

/* What stands behind the name in braces, on a value that is known (NULL: is not set). */
static const char *
changed(const struct shell *shell, const char *value, struct span change, char *room, size_t size)
{
	bool empty = value == NULL || value[0] == '\0';
	size_t colon = span_begins(change, ":");
	struct span word = span_from(change, colon + 1);

	if (change.size == 0)
		return value;
	if (value != NULL && (change.at[0] == '#' || change.at[0] == '%'))
		return cut(value, change, room, size);
	if (change.size <= colon || change.at[colon] == '\0' ||
	    strchr("-=+", change.at[colon]) == NULL || word.size >= size)
		return NULL;
	if ((change.at[colon] == '+') == (colon != 0 ? empty : value == NULL))
		return change.at[colon] == '+' ? (value == NULL ? NULL : "") : value;
	if (word.size != 0 && memchr(word.at, '$', word.size) != NULL)
		return default_variable(shell, word);
	if (word.size != 0)
		memcpy(room, word.at, word.size);
	room[word.size] = '\0';
	return room;
}

/* How many bytes of `rest` name a parameter: NAME, a digit, "@", "*" or "#". */
static size_t
name_size(struct span rest)
{
	size_t size = 0;

	if (rest.size != 0 && rest.at[0] != '\0' && strchr("0123456789@*#", rest.at[0]) != NULL)
		return 1;
	while (size < rest.size && shell_is_name((char)rest.at[size], size == 0))
		size++;
	return size;
}

static void
put_all_arguments(struct shell *shell, struct shell_writer *writer, bool quoted)
{
	for (size_t i = 0; i < shell->argument_count; i++) {
		if (i != 0)
			put_value(writer, " ", false);
		put_value(writer, shell->arguments[i], quoted);
	}
}

/* The value of a parameter; NULL when it is not known, or not set. */
static const char *
value_of(struct shell *shell, struct span name)
{
	const struct shell_variable *variable;
	size_t n;

	if (name.size == 1 && name.at[0] >= '1' && name.at[0] <= '9') {
		n = (size_t)(name.at[0] - '1');
		return n < shell->argument_count ? shell->arguments[n]
		       : shell->has_arguments    ? ""
						 : NULL;
	}
	variable = name.size == 0 ? NULL : variable_of(shell, name);
	shell->doubt |= variable != NULL && variable->doubtful;
	return variable == NULL ? NULL : variable->value;
}

/* Size of "$(…)" or "`…`" at shell->at, quotes within it heeded; 0 when it does not end. */
static size_t
substitution_size(struct shell *shell)
{
	struct span rest = span_from(shell->script, shell->at);
	bool back = rest.at[0] == '`';
	char quote = '\0';
	int depth = 0;

	if (shell->unended > SHELL_MAX_UNENDED)
		return 0;
	for (size_t i = 1; i < rest.size && i < MAX_SUBSTITUTION; i++) {
		char c = (char)rest.at[i];

		if (c == '\\')
			i++;
		else if (quote != '\0')
			quote = c == quote ? '\0' : quote;
		else if (back ? c == '`' : c == ')' && --depth == 0)
			return i + 1;
		else if (c == '(' && !back)
			depth++;
		else if (c == '\'' || c == '"')
			quote = c;
	}
	shell->unended++;
	return 0;
}

/* The output of a command is not known: the word shows its beginning. */
bool
shell_put_substitution(struct shell *shell, struct shell_writer *writer)
{
	size_t size = substitution_size(shell);

	for (size_t i = 0; i < size && i < SHOWN_SUBSTITUTION; i++) {
		char c = (char)shell->script.at[shell->at + i];

		shell_put(writer, c == '\n' || c == '\0' || c == '\t' ? ' ' : c);
	}
	if (size > SHOWN_SUBSTITUTION)
		shell_put(writer, '~');
	shell->at += size;
	shell->doubt |= size != 0;
	return size != 0;
}

/* `$NAME`, `${NAME}` or `${NAME:-default}` at shell->at: its value, or as written. */
void
shell_put_variable(struct shell *shell, struct shell_writer *writer, bool quoted)
{
	struct span rest = span_from(shell->script, shell->at + 1), name;
	bool brace = span_begins(rest, "{");
	char room[128];
	size_t size, end;
	const char *value;

	if (span_begins(rest, "(") && shell_put_substitution(shell, writer))
		return;
	rest = span_from(rest, brace);
	size = name_size(rest);
	name = span_part(rest, 0, size);
	end = size;
	for (int depth = 0; brace && end < rest.size && rest.at[end] != '\n'; end++) {
		depth += rest.at[end] == '{';
		if (rest.at[end] == '}' && depth-- == 0)
			break;
	}
	value = value_of(shell, name);
	if (brace && size != 0)
		value = changed(shell, value, span_part(rest, size, end - size), room, sizeof room);
	end = shell->at + 1 + brace + end + (brace && end < rest.size && rest.at[end] == '}');
	if ((span_is(name, "@") || span_is(name, "*")) && shell->has_arguments)
		put_all_arguments(shell, writer, quoted);
	else if (value != NULL)
		put_value(writer, value, quoted);
	else {
		shell->doubt = true;
		for (size_t i = shell->at; i < end; i++)
			shell_put(writer, (char)shell->script.at[i]);
	}
	shell->at = end;
}
