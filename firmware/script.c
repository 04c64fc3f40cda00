/* One command after the other, with a stack of what stands around it. */
#include "firmware/script.h"

#include <string.h>

#include "base/arena.h"
#include "firmware/reading.h"

struct script *
script_new(struct job *job)
{
	struct script *script = arena_allocate(job, sizeof *script);

	if (script == NULL)
		return NULL;
	script->frames = arena_array(job, SCRIPT_MAX_BLOCKS, sizeof *script->frames);
	script->saved = arena_array(job, SCRIPT_MAX_DEPTH, sizeof *script->saved);
	script->commands = arena_array(job, SCRIPT_MAX_DEPTH, sizeof *script->commands);
	script->job = job;
	if (script->frames == NULL || script->saved == NULL || script->commands == NULL)
		return NULL;
	return script;
}

struct block *
script_top(struct script *script)
{
	return &script->frames[script->frame_count - 1];
}

struct block *
script_push(struct script *script, enum block_kind kind, enum truth now)
{
	struct block *frame;

	if (script->frame_count == SCRIPT_MAX_BLOCKS) {
		script->lost = true;
		return NULL;
	}
	frame = &script->frames[script->frame_count++];
	*frame = (struct block){
	    .kind = kind, .now = now, .entry = now, .rest = now, .value = SURELY, .base = SURELY};
	return frame;
}

bool
script_is_call(const struct block *frame)
{
	return frame->kind <= BLOCK_INVOKE;
}

/* That what runs here, if `here`, is reached at all. */
static enum truth
overall(const struct script *script, enum truth here)
{
	for (size_t i = script->frame_count; i-- > 0;)
		if (script_is_call(&script->frames[i]))
			return truth_and(here, script->frames[i].base);
	return here;
}

struct block *
script_nearest(struct script *script, enum block_kind kind, enum block_kind other)
{
	for (size_t i = script->frame_count; i-- > 0 && !script_is_call(&script->frames[i]);)
		if (script->frames[i].kind == kind || script->frames[i].kind == other)
			return &script->frames[i];
	return NULL;
}

/* Gives back the place and, as far as they are the call's own, arguments, variables, functions. */
static void
give_back(struct script *script, const struct block *frame)
{
	struct shell *shell = &script->shell;

	if (frame->kind == BLOCK_CALL) {
		*shell = *frame->saved;
		script->function_count = frame->functions;
	} else {
		shell->script = frame->saved->script;
		shell->at = frame->saved->at;
		memcpy(shell->arguments, frame->saved->arguments, sizeof shell->arguments);
		shell->argument_count = frame->saved->argument_count;
		shell->has_arguments = frame->saved->has_arguments;
	}
	script->at = frame->file;
	script->depth--;
}

void
script_pop(struct script *script)
{
	struct block *frame = script_top(script);

	if (script_is_call(frame)) {
		give_back(script, frame);
		script->value = frame->value;
	}
	script->frame_count--;
}

void
script_pop_to(struct script *script, const struct block *frame)
{
	while (script_top(script) != frame)
		script_pop(script);
}

enum truth
script_here(const struct block *frame)
{
	if (frame->chain == '&')
		return truth_and(frame->now, frame->value);
	return frame->chain == '|' ? truth_and(frame->now, truth_not(frame->value)) : frame->now;
}

void
script_conclude(struct script *script, enum truth value, const char *ended_by)
{
	struct block *frame = script_top(script);

	if (strcmp(ended_by, "|") == 0) {
		frame->piped = true;
		return;
	}
	if (frame->piped)
		value = MAYBE;
	if (frame->negative)
		value = truth_not(value);
	if (frame->chain == '&')
		value = truth_and(frame->value, value);
	else if (frame->chain == '|')
		value = frame->value > value ? frame->value : value;
	frame->piped = frame->negative = false;
	frame->value = value;
	frame->chain = strcmp(ended_by, "&&") == 0 ? '&' : '\0';
	if (strcmp(ended_by, "||") == 0)
		frame->chain = '|';
}

/* A frame of a call, with what comes back at its end; NULL when it is not made. */
static struct block *
begin(struct script *script, enum block_kind kind, const struct kept_file *file, enum truth here)
{
	enum truth base = overall(script, here);
	struct shell *saved;
	struct block *frame;

	if (base == NEVER)
		return NULL;
	if (script->depth >= SCRIPT_MAX_DEPTH) {
		script->lost = true;
		return NULL;
	}
	frame = script_push(script, kind, SURELY);
	if (frame == NULL)
		return NULL;
	saved = &script->saved[script->depth];
	*saved = script->shell;
	frame->saved = saved;
	frame->base = base;
	frame->entry = here;
	frame->file = script->at;
	frame->functions = script->function_count;
	script->depth++;
	script->at = file;
	script->shell.script = file->content;
	script->shell.at = 0;
	return frame;
}

static enum status
set_arguments(struct script *script, const struct shell_command *command, size_t from)
{
	struct shell *shell = &script->shell;
	const char *arguments[SHELL_MAX_ARGUMENTS] = {NULL};
	size_t count = 0;

	for (size_t i = from; i < command->word_count && count < SHELL_MAX_ARGUMENTS; i++) {
		if (command->words[i][0] == '>' || command->words[i][0] == '<')
			break;
		arguments[count] =
		    arena_string(script->job, command->words[i], strlen(command->words[i]));
		if (arguments[count++] == NULL)
			return STATUS_LIMIT;
	}
	memcpy(shell->arguments, arguments, count * sizeof *arguments);
	shell->argument_count = count;
	shell->has_arguments = true;
	return STATUS_OK;
}

/* What stands between two ends of commands. */
static enum status
run_one(struct script *script, struct shell_command *command)
{
	size_t frames;
	enum truth here, value = MAYBE;
	bool done = false;

	TRY(script_flow(script, command, &done));
	if (done)
		return STATUS_OK;
	here = script_here(script_top(script));
	frames = script->frame_count;
	if (here != NEVER)
		TRY(script_words(script, command, here, &value));
	if (script->frame_count < frames) /* it left what it stood in */
		return STATUS_OK;
	script_conclude(script, value, command->ended_by);
	if (strcmp(command->ended_by, ")") == 0) {
		command->word_count = 0;
		return script_flow(script, command, &done);
	}
	return STATUS_OK;
}

/* Runs what the topmost frame calls, to its end, and takes the frame off. */
static enum status
run_call(struct script *script)
{
	size_t floor = script->frame_count;
	bool begun = false, function = script_top(script)->kind == BLOCK_INVOKE;
	struct shell_command *command = &script->commands[script->depth - 1];

	while (script->frame_count >= floor && shell_read(&script->shell, command)) {
		if (++script->steps > SCRIPT_MAX_STEPS) {
			script->gave_up = true;
			break;
		}
		TRY(run_one(script, command));
		begun |= script->frame_count > floor;
		if (function && begun && script->frame_count == floor)
			break;
	}
	while (script->frame_count > floor)
		script_pop(script);
	return STATUS_OK;
}

/* A script of OpenWrt is called by rc.common: its text defines, then the function runs. */
static enum status
run_action(struct script *script)
{
	struct span rest = script->at->content, line;
	const char *action = script->shell.argument_count == 0 ? "" : script->shell.arguments[0];
	struct shell_command none = {.word_count = 0};
	static const char *const names[] = {"boot", "start", "start_service"};
	bool known = false, booting = strcmp(action, "boot") == 0;

	if (!line_next(&rest, &line) ||
	    span_find(line, "rc.common", strlen("rc.common"), 0) == SIZE_MAX)
		return STATUS_OK;
	if (!booting && strcmp(action, "start") != 0 && strcmp(action, "restart") != 0)
		return STATUS_OK;
	for (size_t i = booting ? 0 : 1; i < ARRAY_SIZE(names) && !known; i++)
		TRY(script_invoke(script, names[i], &none, 0, script_top(script)->now, &known));
	return STATUS_OK;
}

/* Was it run like this already?  Then it would start nothing that is not known. */
static bool
is_known(struct script *script, const struct kept_file *file, const struct shell_command *command,
    size_t from, enum truth truth)
{
	struct script_memory now = {
	    .file = file, .arguments = 14695981039346656037u, .truth = truth};

	for (size_t i = from; i < command->word_count; i++)
		for (const char *at = command->words[i];; at++) {
			now.arguments = (now.arguments ^ (uint8_t)*at) * 1099511628211u;
			if (*at == '\0')
				break;
		}
	for (size_t i = 0; i < script->memory_count; i++)
		if (script->memory[i].file->node == file->node &&
		    script->memory[i].arguments == now.arguments &&
		    script->memory[i].file->content.at == file->content.at &&
		    script->memory[i].truth >= truth)
			return true;
	if (script->memory_count < SCRIPT_MAX_MEMORY)
		script->memory[script->memory_count++] = now;
	return false;
}

enum status
script_call(struct script *script, const struct kept_file *file,
    const struct shell_command *command, size_t from, enum truth here, enum block_kind kind)
{
	size_t floor = script->frame_count;

	if (kind == BLOCK_CALL && is_known(script, file, command, from, overall(script, here)))
		return STATUS_OK;
	if (begin(script, kind, file, here) == NULL)
		return STATUS_OK;
	if (script->begun != NULL)
		script->begun(script->context, file, script_top(script)->base);
	if (kind == BLOCK_CALL)
		TRY(set_arguments(script, command, from));
	TRY(run_call(script));
	if (script->frame_count > floor && kind == BLOCK_CALL)
		TRY(run_action(script));
	if (script->frame_count > floor)
		script_pop(script);
	return STATUS_OK;
}

enum status
script_invoke(struct script *script, const char *name, const struct shell_command *command,
    size_t from, enum truth here, bool *known)
{
	struct script_function *function = NULL;
	size_t floor = script->frame_count, at;

	for (size_t i = script->function_count; i-- > 0 && function == NULL;)
		if (strcmp(script->functions[i].name, name) == 0)
			function = &script->functions[i];
	*known = function != NULL;
	if (function == NULL || function->calls++ >= SCRIPT_MAX_CALLS)
		return STATUS_OK;
	at = function->at;
	if (begin(script, BLOCK_INVOKE, function->file, here) == NULL)
		return STATUS_OK;
	script->shell.at = at;
	TRY(set_arguments(script, command, from));
	TRY(run_call(script));
	if (script->frame_count > floor)
		script_pop(script);
	return STATUS_OK;
}

/* Nothing behind here is sure any more. */
static void
doubt(struct block *frame)
{
	frame->now = truth_and(frame->now, MAYBE);
	frame->rest = truth_and(frame->rest, MAYBE);
	frame->entry = script_is_call(frame) ? frame->entry : truth_and(frame->entry, MAYBE);
	frame->value = MAYBE;
}

void
script_leave(struct script *script, bool whole, enum truth here, enum truth value)
{
	size_t at = script->frame_count;
	enum truth effect = here;

	while (at > 0 && effect != NEVER) {
		struct block *frame = &script->frames[--at];

		if (effect == MAYBE)
			doubt(frame);
		if (!script_is_call(frame))
			continue;
		if (effect == SURELY) {
			frame->value = value;
			script_pop_to(script, frame);
			script_pop(script);
		}
		if (!whole || frame->kind == BLOCK_CALL)
			return;
		effect = truth_and(effect, frame->entry);
	}
}

enum status
script_run(struct script *script, const struct kept_file *file, const char *const *arguments,
    size_t argument_count, enum truth truth)
{
	struct shell_command command = {.word_count = 0};
	enum status status;

	for (size_t i = 0; i < argument_count && i < SHELL_MAX_ARGUMENTS; i++)
		command.words[command.word_count++] = arguments[i];
	script->shell = shell_new(file->content);
	script->function_count = script->frame_count = script->depth = 0;
	script->function_follows = false;
	script->uci = (struct uci){0};
	status = script_call(script, file, &command, 0, truth, BLOCK_CALL);
	script->frame_count = 0;
	return status;
}
