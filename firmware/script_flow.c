/* if, case, for, while, braces and functions: what stands around a command says whether it runs. */
#include <string.h>

#include "base/arena.h"
#include "firmware/glob.h"
#include "firmware/reading.h"
#include "firmware/script.h"

#define MAX_CHILDREN 4096 /* of a folder a pattern is held against */

static void
drop_first(struct shell_command *command)
{
	command->word_count--;
	memmove(command->words, command->words + 1, command->word_count * sizeof *command->words);
}

static enum status
keep_word(struct script *script, const char *word, const char **kept)
{
	*kept = arena_string(script->job, word, strlen(word));
	return *kept == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* "/etc/init.d/S??*": what of the image it matches, in the order of the names. */
static enum status
expand(struct script *script, const char *pattern, struct block *frame)
{
	const char *slash = strrchr(pattern, '/');
	const struct node *folder;
	char *path;
	size_t seen = 0, first = frame->value_count;

	path = slash == NULL ? NULL : arena_string(script->job, pattern, (size_t)(slash - pattern));
	if (path == NULL)
		return slash == NULL ? STATUS_OK : STATUS_LIMIT;
	folder = places_find(script->places, script->root, NULL, path);
	for (const struct node *node = folder == NULL ? NULL : folder->child;
	     node != NULL && seen < MAX_CHILDREN && frame->value_count < SCRIPT_MAX_VALUES;
	     node = node->next, seen++) {
		const char *value;
		size_t at = frame->value_count;

		if (node->name[0] == '.' || !glob_matches(slash + 1, node->name))
			continue;
		value = arena_printf(script->job, "%s/%s", path, node->name);
		if (value == NULL)
			return STATUS_LIMIT;
		for (; at > first && strcmp(frame->values[at - 1], value) > 0; at--)
			frame->values[at] = frame->values[at - 1];
		frame->values[at] = value;
		frame->value_count++;
	}
	return STATUS_OK;
}

static void
set_loop_variable(struct script *script, const struct block *frame)
{
	if (frame->value_at < frame->value_count)
		shell_set(&script->shell, frame->subject, frame->values[frame->value_at], false);
	else
		shell_set(&script->shell, frame->subject, "$", true);
}

/* for NAME in WORDS */
static enum status
begin_for(struct script *script, const struct shell_command *command)
{
	enum truth here = script_here(script_top(script));
	struct block *frame = script_push(script, BLOCK_FOR, here);
	bool known = !command->doubtful;

	if (frame == NULL)
		return STATUS_OK;
	frame->rest = MAYBE;
	frame->subject = "";
	if (command->word_count < 2)
		return STATUS_OK;
	TRY(keep_word(script, command->words[1], &frame->subject));
	for (size_t i = 3; i < command->word_count && frame->value_count < SCRIPT_MAX_VALUES; i++) {
		const char *word = command->words[i];

		if (strpbrk(word, "$`") != NULL)
			known = false;
		else if (strpbrk(word, "*?[") != NULL)
			TRY(expand(script, word, frame));
		else
			TRY(keep_word(script, word, &frame->values[frame->value_count++]));
	}
	if (known)
		frame->rest = frame->value_count == 0 ? NEVER : here;
	else if (frame->value_count == 0)
		frame->rest = truth_and(here, MAYBE);
	else
		frame->rest = here;
	set_loop_variable(script, frame);
	return STATUS_OK;
}

static enum status
begin_case(struct script *script, struct shell_command *command)
{
	struct block *frame = script_push(script, BLOCK_CASE, script_here(script_top(script)));
	const char *word = command->word_count > 1 ? command->words[1] : "$";

	if (frame == NULL)
		return STATUS_OK;
	frame->pattern = true;
	frame->matches = NEVER;
	if (!command->doubtful && strpbrk(word, "$`") == NULL)
		TRY(keep_word(script, word, &frame->subject));
	for (int i = 0; i < 3 && command->word_count != 0; i++)
		drop_first(command);
	return STATUS_OK;
}

/* Words before ")" of a case: which branch is taken. */
static void
read_patterns(struct script *script, const struct shell_command *command)
{
	struct block *frame = script_top(script);

	for (size_t i = 0; i < command->word_count; i++) {
		const char *pattern = command->words[i];
		enum truth match = MAYBE;

		if (strcmp(pattern, "*") == 0)
			match = SURELY;
		else if (frame->subject != NULL && !command->doubtful)
			match = glob_matches(pattern, frame->subject) ? SURELY : NEVER;
		frame->matches = frame->matches > match ? frame->matches : match;
	}
	if (strcmp(command->ended_by, ")") != 0)
		return;
	frame->now = truth_and(frame->rest, frame->matches);
	frame->rest = truth_and(frame->rest, truth_not(frame->matches));
	frame->pattern = false;
	frame->matches = NEVER;
	frame->chain = '\0';
}

/* The place of a function this script has defined before, or a new one; NULL: there are too many.
 */
static struct script_function *
function_of(struct script *script, const char *name)
{
	size_t first = 0;

	for (size_t i = script->frame_count; i-- > 0 && first == 0;)
		if (script->frames[i].kind == BLOCK_CALL)
			first = script->frames[i].functions;
	for (size_t i = first; i < script->function_count; i++)
		if (strcmp(script->functions[i].name, name) == 0)
			return &script->functions[i];
	if (script->function_count == SCRIPT_MAX_FUNCTIONS)
		return NULL;
	script->functions[script->function_count] = (struct script_function){.file = NULL};
	return &script->functions[script->function_count++];
}

/* NAME() : where its body stands is remembered, and the body passed over. */
static bool
define(struct script *script, const struct shell_command *command)
{
	struct shell *shell = &script->shell;
	struct script_function *function;

	if (command->word_count != 1 || strcmp(command->ended_by, "(") != 0 ||
	    shell->at >= shell->script.size || shell->script.at[shell->at] != ')')
		return false;
	shell->at++;
	script->function_follows = true;
	if (script_here(script_top(script)) == NEVER ||
	    strlen(command->words[0]) >= sizeof function->name)
		return true;
	function = function_of(script, command->words[0]);
	if (function == NULL) {
		script->gave_up = true;
		return true;
	}
	if (function->file == script->at && function->at == shell->at)
		return true; /* read in again */
	*function = (struct script_function){.file = script->at, .at = shell->at};
	memcpy(function->name, command->words[0], strlen(command->words[0]));
	return true;
}

static void
open_group(struct script *script, enum block_kind kind)
{
	enum truth here = script_here(script_top(script));
	bool top = script_top(script)->kind == BLOCK_INVOKE;

	(void)script_push(script, kind, script->function_follows && !top ? NEVER : here);
	script->function_follows = false;
}

/* A group has ended: what comes behind it hangs on its value. */
static void
close_group(struct script *script, enum block_kind kind, const char *ended_by)
{
	struct block *frame = script_nearest(script, kind, kind);
	enum truth value;

	if (frame == NULL)
		return;
	script_pop_to(script, frame);
	value = kind == BLOCK_BRACE || kind == BLOCK_PAREN ? frame->value : MAYBE;
	script_pop(script);
	if (script_top(script)->kind == BLOCK_INVOKE)
		script_top(script)->value = value;
	script_conclude(script, value, ended_by);
}

/* ")" : how the group hangs on stands behind it, or nothing does. */
static void
close_parentheses(struct script *script)
{
	struct block *frame = script_nearest(script, BLOCK_PAREN, BLOCK_PAREN);
	struct span rest = span_from(script->shell.script, script->shell.at);
	enum truth value;

	if (frame == NULL)
		return;
	while (span_begins(rest, " ") || span_begins(rest, "\t"))
		rest = span_from(rest, 1);
	value = frame->value;
	if (rest.size != 0 && rest.at[0] != '\0' && strchr("&|<>12", rest.at[0]) != NULL) {
		script_pop_to(script, frame);
		script_pop(script);
		script_top(script)->pending = true;
		script->value = value;
	} else
		close_group(script, BLOCK_PAREN, ";");
}

/* A loop begins again with its next value, or ends. */
static void
end_loop(struct script *script, const char *ended_by)
{
	struct block *frame = script_nearest(script, BLOCK_LOOP, BLOCK_FOR);

	if (frame == NULL)
		return;
	script_pop_to(script, frame);
	if (frame->kind == BLOCK_FOR && frame->rest != NEVER &&
	    frame->value_at + 1 < frame->value_count) {
		frame->value_at++;
		set_loop_variable(script, frame);
		frame->now = frame->rest;
		frame->chain = '\0';
		script->shell.at = frame->body;
		return;
	}
	script_pop(script);
	script_conclude(script, MAYBE, ended_by);
}

static void
begin_body(struct script *script, const struct shell_command *command)
{
	struct block *frame = script_nearest(script, BLOCK_LOOP, BLOCK_FOR);

	if (frame == NULL)
		return;
	script_pop_to(script, frame);
	frame->body = command->offset + 2; /* behind "do" */
	if (frame->kind == BLOCK_LOOP)
		frame->rest =
		    truth_and(frame->entry, frame->until ? truth_not(frame->value) : frame->value);
	frame->now = frame->rest;
	frame->chain = '\0';
}

/* then, elif, else */
static void
branch(struct script *script, const char *word)
{
	struct block *frame = script_nearest(script, BLOCK_IF, BLOCK_IF);
	enum truth condition;

	if (frame == NULL)
		return;
	script_pop_to(script, frame);
	condition = frame->value;
	frame->now = frame->rest;
	if (strcmp(word, "then") == 0) {
		frame->now = truth_and(frame->rest, condition);
		frame->rest = truth_and(frame->rest, truth_not(condition));
	}
	frame->chain = '\0';
}

static enum status
begin_word(struct script *script, const char *word, struct shell_command *command, bool *known)
{
	enum truth here = script_here(script_top(script));
	struct block *frame = NULL;

	*known = true;
	if (strcmp(word, "if") == 0)
		(void)script_push(script, BLOCK_IF, here);
	else if (strcmp(word, "while") == 0 || strcmp(word, "until") == 0) {
		frame = script_push(script, BLOCK_LOOP, here);
		if (frame != NULL)
			frame->until = word[0] == 'u';
	} else if (strcmp(word, "{") == 0)
		open_group(script, BLOCK_BRACE);
	else if (strcmp(word, "!") == 0)
		script_top(script)->negative = !script_top(script)->negative;
	else if (strcmp(word, "then") == 0 || strcmp(word, "elif") == 0 ||
		 strcmp(word, "else") == 0)
		branch(script, word);
	else if (strcmp(word, "do") == 0)
		begin_body(script, command);
	else
		*known = false;
	return STATUS_OK;
}

/* Words after which nothing of the command is left. */
static enum status
end_word(struct script *script, const char *word, struct shell_command *command, bool *done)
{
	*done = true;
	if (strcmp(word, "fi") == 0)
		close_group(script, BLOCK_IF, command->ended_by);
	else if (strcmp(word, "done") == 0)
		end_loop(script, command->ended_by);
	else if (strcmp(word, "esac") == 0)
		close_group(script, BLOCK_CASE, command->ended_by);
	else if (strcmp(word, "}") == 0)
		close_group(script, BLOCK_BRACE, command->ended_by);
	else if (strcmp(word, "for") == 0)
		return begin_for(script, command);
	else
		*done = false;
	if (*done && strcmp(command->ended_by, ")") == 0)
		close_parentheses(script);
	return STATUS_OK;
}

/* What a command without words, or between them, means for the groups. */
static void
read_sign(struct script *script, const char *sign)
{
	if (strcmp(sign, "(") == 0)
		open_group(script, BLOCK_PAREN);
	else if (strcmp(sign, ")") == 0)
		close_parentheses(script);
}

enum status
script_flow(struct script *script, struct shell_command *command, bool *done)
{
	struct block *frame =
	    command->after_case ? script_nearest(script, BLOCK_CASE, BLOCK_CASE) : NULL;
	bool known = true;

	if (frame != NULL) {
		script_pop_to(script, frame);
		frame->pattern = true;
	}
	command->after_case = false;
	if (script_top(script)->pending) {
		script_top(script)->pending = false;
		script_conclude(script, script->value, command->ended_by);
		*done = true;
		if (strcmp(command->ended_by, ")") == 0)
			close_parentheses(script);
		return STATUS_OK;
	}
	*done = define(script, command);
	while (!*done && known && command->word_count != 0) {
		const char *word = command->words[0];

		if (script_top(script)->pattern && strcmp(word, "esac") != 0) {
			read_patterns(script, command);
			*done = true;
			break;
		}
		if (strcmp(word, "case") == 0) {
			TRY(begin_case(script, command));
			*done = command->word_count == 0;
			continue;
		}
		TRY(end_word(script, word, command, done));
		if (*done)
			break;
		TRY(begin_word(script, word, command, &known));
		if (known)
			drop_first(command);
	}
	if (!*done && command->word_count == 0) {
		if (!script_top(script)->pattern)
			read_sign(script, command->ended_by);
		*done = true;
	}
	return STATUS_OK;
}
