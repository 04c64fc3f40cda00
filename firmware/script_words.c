/* A simple command: of the shell, a function, a script of the image, or a program. */
#include <string.h>

#include "base/arena.h"
#include "firmware/launch.h"
#include "firmware/reading.h"
#include "firmware/script.h"

static void
drop_first(struct shell_command *command)
{
	command->word_count--;
	memmove(command->words, command->words + 1, command->word_count * sizeof *command->words);
}

const struct kept_file *
script_find(const struct script *script, const char *path)
{
	const struct node *node;
	const struct kept_file *file;

	if (strpbrk(path, "$`*?") != NULL || path[0] == '-' || strchr(path, '/') == NULL)
		return NULL;
	node = places_find(script->places, script->root, NULL, path);
	file = node == NULL ? NULL : script->file(script->context, node);
	return file;
}

static bool
is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/* What practically never fails: that it is done, says that what hangs on it is done. */
static bool
always_succeeds(const char *word)
{
	static const char *const words[] = {":", "true", "echo", "printf", "mkdir", "cd", "cp",
	    "ln", "rm", "chmod", "chown", "touch", "sleep", "export", "local", "readonly", "umask",
	    "set", "shift", "config_load", "unset", "trap", "sync", "mkdir", "hostname", "append"};

	return is_one_of(word, words, ARRAY_SIZE(words));
}

/* NAME=VALUE before a command or alone; what nothing has set is nothing, as far as it is known. */
static bool
assign_word(struct script *script, const struct shell_command *command, enum truth here)
{
	const char *word = command->words[0], *sign = strchr(word, '=');
	bool doubtful = command->doubtful || here != SURELY;

	if (sign != NULL && script_is_nothing(script, sign + 1)) {
		const char *empty = arena_string(script->job, word, (size_t)(sign - word) + 1);

		return empty != NULL && shell_assign(&script->shell, empty, true);
	}
	return shell_assign(&script->shell, word, doubtful);
}

static void
assign_words(
    struct script *script, const struct shell_command *command, size_t from, enum truth here)
{
	for (size_t i = from; i < command->word_count; i++)
		(void)shell_assign(
		    &script->shell, command->words[i], command->doubtful || here != SURELY);
}

/* continue and break: the rest of the loop's body does not run, or perhaps not. */
static void
leave_loop(struct script *script, bool whole, enum truth here)
{
	struct block *loop = script_nearest(script, BLOCK_LOOP, BLOCK_FOR);

	if (loop == NULL)
		return;
	for (struct block *frame = loop; frame <= script_top(script); frame++) {
		enum truth most = here == SURELY ? NEVER : MAYBE;

		frame->now = truth_and(frame->now, most);
		if (frame != loop)
			frame->rest = truth_and(frame->rest, most);
	}
	if (whole && here == SURELY)
		loop->value_at = loop->value_count;
	else if (whole)
		loop->rest = truth_and(loop->rest, MAYBE);
}

static enum truth
number_value(const struct shell_command *command)
{
	if (command->word_count < 2)
		return MAYBE;
	return strcmp(command->words[1], "0") == 0        ? SURELY
	       : strpbrk(command->words[1], "$`") != NULL ? MAYBE
							  : NEVER;
}

/* "PROGRAM || exit 1": what is done when something breaks is not what a product does. */
static bool
is_error_exit(struct script *script, const struct shell_command *command, enum truth here)
{
	const struct block *frame = script_top(script);

	return (strcmp(command->words[0], "return") == 0 ||
		   strcmp(command->words[0], "exit") == 0) &&
	       here == MAYBE && frame->chain == '|' && frame->by_program &&
	       command->word_count > 1 && strcmp(command->words[1], "0") != 0;
}

static void
shift_arguments(struct script *script, const struct shell_command *command)
{
	struct shell *shell = &script->shell;
	int64_t by =
	    command->word_count > 1 ? span_number(span_of_string(command->words[1]), 9) : 1;

	for (; by > 0 && shell->argument_count != 0; by--) {
		memmove(shell->arguments, shell->arguments + 1,
		    --shell->argument_count * sizeof *shell->arguments);
	}
}

static enum status
set_words(struct script *script, const struct shell_command *command)
{
	struct shell *shell = &script->shell;
	size_t from = 1;

	if (command->word_count < 2 ||
	    (command->words[1][0] == '-' && strcmp(command->words[1], "--") != 0))
		return STATUS_OK;
	from += strcmp(command->words[1], "--") == 0;
	shell->argument_count = 0;
	for (size_t i = from;
	     i < command->word_count && shell->argument_count < SHELL_MAX_ARGUMENTS; i++) {
		const char *word =
		    arena_string(script->job, command->words[i], strlen(command->words[i]));

		if (word == NULL)
			return STATUS_LIMIT;
		shell->arguments[shell->argument_count++] = word;
	}
	shell->has_arguments = true;
	return STATUS_OK;
}

/* Whether something runs already: when the product starts, it does not. */
static bool
asks_for_running(const struct shell_command *command)
{
	static const char *const words[] = {
	    "pidof", "pgrep", "pidofproc", "status_of_proc", "checkproc"};
	size_t end = command->word_count;

	while (end > 1 && strpbrk(command->words[end - 1], "<>") != NULL)
		end--;
	if (end > 1 && strcmp(command->words[end - 1], "/dev/null") == 0)
		end -= end > 2 ? 2 : 1; /* "> /dev/null" */
	return is_one_of(launch_base_name(command->words[0]), words, ARRAY_SIZE(words)) ||
	       (end > 1 && strcmp(command->words[end - 1], "status") == 0);
}

/* What belongs to the shell itself; `*known` when it is such a word. */
static enum status
run_builtin(struct script *script, struct shell_command *command, enum truth here,
    enum truth *value, bool *known)
{
	static const char *const assigning[] = {
	    "export", "local", "readonly", "declare", "typeset"};
	const char *word = command->words[0];
	const struct kept_file *file;

	*known = true;
	if (asks_for_running(command))
		*value = NEVER;
	else if (strcmp(word, "[") == 0 || strcmp(word, "test") == 0)
		*value = script_test(script, command, 1);
	else if (strcmp(word, "false") == 0)
		*value = NEVER;
	else if (is_error_exit(script, command, here))
		*value = MAYBE;
	else if (strcmp(word, "return") == 0 || strcmp(word, "exit") == 0)
		script_leave(script, word[0] == 'e', here, number_value(command));
	else if (strcmp(word, "continue") == 0 || strcmp(word, "break") == 0)
		leave_loop(script, word[0] == 'b', here);
	else if (strcmp(word, "shift") == 0)
		shift_arguments(script, command);
	else if (strcmp(word, "set") == 0)
		return set_words(script, command);
	else if (strcmp(word, "trap") == 0)
		return script_run_trap(script, command, here);
	else if (strcmp(word, "alias") == 0)
		script_set_aliases(script, command);
	else if (is_one_of(word, assigning, ARRAY_SIZE(assigning)))
		assign_words(script, command, 1, here);
	else if (strcmp(word, "read") == 0 || strcmp(word, "unset") == 0 ||
		 strcmp(word, "getopts") == 0) {
		for (size_t i = 1; i < command->word_count; i++)
			if (command->words[i][0] != '-')
				shell_set(&script->shell, command->words[i], "$", true);
	} else if (strcmp(word, ".") == 0 || strcmp(word, "source") == 0) {
		file = command->word_count < 2 ? NULL : script_find(script, command->words[1]);
		*value = file != NULL ? SURELY : MAYBE;
		if (file != NULL)
			return script_call(script, file, command, 2, here, BLOCK_SOURCE);
	} else
		*known = false;
	return STATUS_OK;
}

/* A script of the image, by itself or behind a shell's name; `*known` when it is one. */
static enum status
run_file(struct script *script, struct shell_command *command, size_t program, enum truth here,
    bool *known)
{
	const struct kept_file *file;
	size_t at = program;
	const char *text = script_text(command, &at);

	*known = true;
	if (text != NULL)
		return script_run_text(script, text, command, at + 1, here, BLOCK_CALL);
	if (script_reads_on(script, command, program, at))
		script_note_open(script, here);
	if (at + 1 < command->word_count && strcmp(command->words[at], "<") == 0)
		at++;
	file = at < command->word_count ? script_find(script, command->words[at]) : NULL;
	if (file == NULL || !span_looks_like_text(file->content)) {
		*known = false;
		return STATUS_OK;
	}
	return script_call(script, file, command, at + 1, here, BLOCK_CALL);
}

enum status
script_follow(struct script *script, struct shell_command *command, enum truth here, bool *known)
{
	struct launch launch = launch_read(command);

	*known = false;
	if (launch.program >= command->word_count || launch.stops)
		return STATUS_OK;
	return run_file(script, command, launch.program, here, known);
}

static enum status
run_program(struct script *script, struct shell_command *command, enum truth here)
{
	struct launch launch = launch_read(command);
	enum truth truth = here;
	size_t frames = script->frame_count;
	bool known = false;

	if (launch.program >= command->word_count)
		return STATUS_OK;
	if (!launch.stops) {
		if (script_is_open(script, command->words[launch.program]))
			script_note_open(script, here);
		TRY(run_file(script, command, launch.program, here, &known));
	}
	/* a script that stays in the background is a service too */
	if (script->frame_count < frames ||
	    (known && !launch.starts && strcmp(command->ended_by, "&") != 0))
		return STATUS_OK;
	for (size_t i = script->frame_count; i-- > 0;)
		if (script_is_call(&script->frames[i])) {
			truth = truth_and(truth, script->frames[i].base);
			break;
		}
	return script->command(
	    script->context, script->at, command, command->offset, truth, launch.user);
}

/* ">file PROGRAM": where a command writes may stand before it. */
static void
drop_redirections(struct shell_command *command)
{
	while (command->word_count > 1) {
		const char *word = command->words[0] + strspn(command->words[0], "0123456789&");

		if (word[0] != '<' && word[0] != '>')
			return;
		if (word[strspn(word, "<>&|")] == '\0')
			drop_first(command);
		drop_first(command);
	}
}

enum status
script_words(
    struct script *script, struct shell_command *command, enum truth here, enum truth *value)
{
	size_t frames = script->frame_count;
	bool known = false, replaced = false;
	const char *alias;

	while (command->word_count != 0 && assign_word(script, command, here))
		drop_first(command);
	drop_redirections(command);
	while (command->word_count != 0 && script_is_nothing(script, command->words[0])) {
		drop_first(command);
		here = truth_and(here, MAYBE);
	}
	while (command->word_count > 1 && (strcmp(command->words[0], "exec") == 0 ||
					      strcmp(command->words[0], "command") == 0)) {
		replaced |= strcmp(command->words[0], "exec") == 0 &&
			    strpbrk(command->words[1], "<>") == NULL;
		drop_first(command);
	}
	*value = SURELY;
	if (command->word_count == 0)
		return STATUS_OK;
	if (strcmp(command->words[0], "exit") != 0 && strcmp(command->words[0], "return") != 0)
		script_top(script)->by_program = false;
	*value = always_succeeds(command->words[0]) ? SURELY : MAYBE;
	alias = script_alias(script, command->words[0]);
	if (strcmp(command->words[0], "eval") == 0 || alias != NULL)
		return script_run_again(script, alias == NULL ? "" : alias, command, here);
	TRY(run_builtin(script, command, here, value, &known));
	if (!known)
		TRY(script_openwrt(script, command, here, value, &known));
	if (known || always_succeeds(command->words[0]))
		return STATUS_OK;
	/* how such a function does it is of no interest */
	if (!launch_is_start(command->words[0]))
		TRY(script_invoke(script, command->words[0], command, 1, here, &known));
	if (known)
		*value = script->value;
	else
		TRY(run_program(script, command, here));
	if (script->frame_count >= frames)
		script_top(script)->by_program = !known;
	if (replaced && script->frame_count >= frames)
		script_leave(script, true, here, MAYBE);
	return STATUS_OK;
}
