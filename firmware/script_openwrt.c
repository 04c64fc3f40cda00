/* OpenWrt's scripts read their configuration and describe instances by functions everybody knows.
 */
#include <string.h>

#include "base/arena.h"
#include "firmware/reading.h"
#include "firmware/script.h"

struct call {
	struct script *script;
	struct shell_command *command;
	enum truth here;
	enum truth *value;
};

static const char *
word(const struct call *call, size_t n)
{
	return n < call->command->word_count ? call->command->words[n] : "";
}

/* config_load NAME */
static enum status
config_load(struct call *call)
{
	const struct kept_file *file;
	const char *path = word(call, 1);
	char *whole;

	whole = path[0] == '/' ? arena_printf(call->script->job, "%.200s", path)
			       : arena_printf(call->script->job, "/etc/config/%.200s", path);
	if (whole == NULL)
		return STATUS_LIMIT;
	file = script_find(call->script, whole);
	call->script->uci = (struct uci){0};
	if (file != NULL)
		call->script->uci = uci_read(file->content);
	*call->value = SURELY;
	return STATUS_OK;
}

/* config_get VARIABLE SECTION OPTION [DEFAULT]; a switch has many words for yes */
static enum status
get(struct call *call, bool is_switch)
{
	static const char *const yes[] = {"1", "on", "true", "yes", "enabled"};
	static const char *const no[] = {"0", "off", "false", "no", "disabled"};
	const struct uci *uci = &call->script->uci;
	size_t section = uci_find(uci, word(call, 2));
	struct span value = {0}, more;
	struct text text = text_new(call->script->job);
	const char *plain = "";
	bool known = uci->loaded && strpbrk(word(call, 2), "$`") == NULL;

	for (size_t i = 0; known && i < 16; i++) { /* a list gives all its values */
		more = uci_option(uci, section, word(call, 3), i);
		if (more.at == NULL)
			break;
		value = more;
		if (i != 0)
			text_put(&text, " ");
		text_put_bytes(&text, more.at, more.size);
	}
	TRY(text_finish(&text, &plain));
	if (value.at == NULL)
		plain = word(call, 4);
	for (size_t i = 0; is_switch && i < ARRAY_SIZE(yes); i++)
		plain = strcmp(plain, yes[i]) == 0 ? "1" : strcmp(plain, no[i]) == 0 ? "0" : plain;
	shell_set(&call->script->shell, word(call, 1), known || value.at != NULL ? plain : "$",
	    !known || call->here != SURELY);
	*call->value = MAYBE;
	return STATUS_OK;
}

static enum status
config_get(struct call *call)
{
	return get(call, false);
}

static enum status
config_get_bool(struct call *call)
{
	return get(call, true);
}

/* config_foreach FUNCTION [TYPE] ARGUMENTS: one call a section */
static enum status
config_foreach(struct call *call)
{
	struct script *script = call->script;
	const struct uci uci = script->uci;
	struct shell_command again = {.word_count = 1};
	bool known;

	for (size_t i = 3; i < call->command->word_count && again.word_count < 8; i++)
		again.words[again.word_count++] = call->command->words[i];
	if (!uci.loaded) {
		again.words[0] = "$section";
		return script_invoke(
		    script, word(call, 1), &again, 0, truth_and(call->here, MAYBE), &known);
	}
	for (size_t i = 0; i < uci.count; i++) {
		if (call->command->word_count > 2 && !span_is(uci.sections[i].type, word(call, 2)))
			continue;
		again.words[0] = arena_printf(script->job, "#%zu", i);
		if (again.words[0] == NULL)
			return STATUS_LIMIT;
		TRY(script_invoke(script, word(call, 1), &again, 0, call->here, &known));
		if (script->frame_count == 0)
			break;
	}
	return STATUS_OK;
}

/* config_list_foreach SECTION OPTION FUNCTION ARGUMENTS: one call a value */
static enum status
config_list_foreach(struct call *call)
{
	struct script *script = call->script;
	size_t section = uci_find(&script->uci, word(call, 1));
	bool known;

	for (size_t i = 0; i < 16; i++) {
		struct span value = uci_option(&script->uci, section, word(call, 2), i);
		struct shell_command again = {.word_count = 1};

		if (value.at == NULL)
			break;
		again.words[0] = span_text(script->job, value);
		if (again.words[0] == NULL)
			return STATUS_LIMIT;
		for (size_t n = 4; n < call->command->word_count && again.word_count < 8; n++)
			again.words[again.word_count++] = call->command->words[n];
		TRY(script_invoke(script, word(call, 3), &again, 0, call->here, &known));
	}
	return STATUS_OK;
}

/* append VARIABLE VALUE [SEPARATOR] */
static enum status
append(struct call *call)
{
	struct shell *shell = &call->script->shell;
	const struct shell_variable *old = shell_variable(shell, word(call, 1));
	const char *separator = call->command->word_count > 3 ? word(call, 3) : " ";
	char *joined;

	if (old == NULL || old->value[0] == '\0')
		joined = arena_printf(call->script->job, "%s", word(call, 2));
	else
		joined =
		    arena_printf(call->script->job, "%s%s%s", old->value, separator, word(call, 2));
	if (joined == NULL)
		return STATUS_LIMIT;
	shell_set(shell, word(call, 1), joined,
	    call->command->doubtful || call->here != SURELY || (old != NULL && old->doubtful));
	*call->value = SURELY;
	return STATUS_OK;
}

static enum status
procd_open_instance(struct call *call)
{
	struct script *script = call->script;

	script->procd = arena_allocate(script->job, sizeof *script->procd);
	if (script->procd == NULL)
		return STATUS_LIMIT;
	*script->procd = text_new(script->job);
	script->procd_user = NULL;
	script->procd_file = NULL;
	*call->value = SURELY;
	return STATUS_OK;
}

/* procd_set_param command PROGRAM …, procd_append_param command …, procd_set_param user NAME */
static enum status
procd_param(struct call *call)
{
	struct script *script = call->script;

	*call->value = SURELY;
	if (script->procd == NULL)
		TRY(procd_open_instance(call));
	if (strcmp(word(call, 1), "user") == 0) {
		script->procd_user =
		    arena_string(script->job, word(call, 2), strlen(word(call, 2)));
		return script->procd_user == NULL ? STATUS_LIMIT : STATUS_OK;
	}
	if (strcmp(word(call, 1), "command") != 0 || call->here == NEVER)
		return STATUS_OK;
	if (script->procd_file == NULL) {
		script->procd_file = script->at;
		script->procd_offset = call->command->offset;
	}
	/* an option only perhaps given makes the command line only perhaps whole */
	for (size_t i = 2; i < call->command->word_count; i++)
		text_printf(
		    script->procd, "%s\"%s\"", script->procd->size == 0 ? "" : " ", word(call, i));
	if (call->here == MAYBE && script->procd->size != 0)
		text_put(script->procd, " $perhaps");
	return STATUS_OK;
}

static enum status
procd_close_instance(struct call *call)
{
	struct script *script = call->script;
	struct shell_command *command = arena_allocate(script->job, sizeof *command);
	bool known = false;
	const char *plain;
	enum truth truth = call->here;

	if (script->procd == NULL)
		return STATUS_OK;
	TRY(text_finish(script->procd, &plain));
	script->procd = NULL;
	if (command == NULL)
		return STATUS_LIMIT;
	shell_split(span_of_string(plain), command);
	command->ended_by = "&";
	TRY(script_follow(script, command, call->here, &known));
	for (size_t i = script->frame_count; i-- > 0;)
		if (script_is_call(&script->frames[i])) {
			truth = truth_and(truth, script->frames[i].base);
			break;
		}
	if (command->word_count == 0 || script->procd_file == NULL)
		return STATUS_OK;
	return script->command(script->context, script->procd_file, command, script->procd_offset,
	    truth, script->procd_user);
}

enum status
script_openwrt(struct script *script, struct shell_command *command, enum truth here,
    enum truth *value, bool *known)
{
	static const struct {
		const char *name;
		enum status (*run)(struct call *call);
	} functions[] = {
	    {"config_load", config_load},
	    {"config_get", config_get},
	    {"config_get_bool", config_get_bool},
	    {"config_foreach", config_foreach},
	    {"config_list_foreach", config_list_foreach},
	    {"append", append},
	    {"procd_open_instance", procd_open_instance},
	    {"procd_set_param", procd_param},
	    {"procd_append_param", procd_param},
	    {"procd_close_instance", procd_close_instance},
	};
	struct call call = {script, command, here, value};

	*known = false;
	for (size_t i = 0; i < ARRAY_SIZE(functions) && !*known; i++)
		if (strcmp(command->words[0], functions[i].name) == 0) {
			*known = true;
			return functions[i].run(&call);
		}
	return STATUS_OK;
}
