/* KEY=VALUE in sections; an empty value takes back what came before. */
#include "firmware/boot_unit.h"

#include <string.h>

#include "base/text.h"
#include "firmware/glob.h"
#include "firmware/reading.h"

#define MAX_PRESETS 32

static bool
is_yes(struct span value)
{
	return span_is_word(value, "yes") || span_is_word(value, "true") ||
	       span_is_word(value, "on") || span_is_word(value, "y") || span_is_word(value, "t") ||
	       span_is(value, "1");
}

/* NAME=VALUE words of Environment=, or the lines of an environment file. */
static void
set_variables(struct shell *shell, struct span text)
{
	struct span rest = text, line;

	while (line_next(&rest, &line)) {
		struct span value = span_trim(line), name;
		char key[32] = "", room[160] = "";

		if (value.size == 0 || value.at[0] == '#' || value.at[0] == ';')
			continue;
		value = span_unquote(value);
		name = field_next(&value, '=');
		value = span_unquote(span_trim(value));
		if (name.size == 0 || name.size >= sizeof key || value.size >= sizeof room)
			continue;
		memcpy(key, name.at, name.size);
		if (value.size != 0)
			memcpy(room, value.at, value.size);
		shell_set(shell, key, room, false);
	}
}

static void
read_environment_file(struct boot *boot, struct shell *shell, struct span path)
{
	char name[256] = "";
	struct boot_file *file;

	if (span_begins(path, "-"))
		path = span_from(path, 1);
	if (path.size == 0 || path.size >= sizeof name)
		return;
	memcpy(name, path.at, path.size);
	file = boot_find(boot, name);
	if (file != NULL)
		set_variables(shell, file->kept->content);
}

/* ExecStart= and what runs around it; an empty one takes back those of its name. */
static void
read_start(struct unit *unit, const struct kept_file *file, char when, struct span value)
{
	bool first = true;
	size_t kept = 0;

	for (size_t i = 0; i < unit->start_count; i++)
		first &= unit->starts[i].when != when;
	for (size_t i = 0; i < unit->start_count && value.size == 0; i++)
		if (unit->starts[i].when != when)
			unit->starts[kept++] = unit->starts[i];
	if (value.size == 0)
		unit->start_count = kept;
	else if (unit->start_count < UNIT_MAX_STARTS)
		unit->starts[unit->start_count++] = (struct unit_start){
		    .line = value, .file = file, .main = first && when == 's', .when = when};
}

/* Which command lines a key is for; 0 where it is for none that runs at the start. */
static char
start_of(struct span key)
{
	return span_is(key, "ExecStart")       ? 's'
	       : span_is(key, "ExecStartPre")  ? 'b'
	       : span_is(key, "ExecStartPost") ? 'a'
	       : span_is(key, "ExecCondition") ? 'c'
					       : '\0';
}

static void
read_service_key(struct boot *boot, struct unit *unit, struct shell *shell,
    const struct kept_file *file, struct span key, struct span value)
{
	if (start_of(key) != '\0')
		read_start(unit, file, start_of(key), value);
	else if (span_is(key, "User"))
		unit->user = value;
	else if (span_is(key, "DynamicUser"))
		unit->dynamic_user = is_yes(value);
	else if (span_is(key, "Type"))
		unit->type = value;
	else if (span_is(key, "Environment"))
		set_variables(shell, value);
	else if (span_is(key, "EnvironmentFile"))
		read_environment_file(boot, shell, value);
}

/* Whether a condition may keep the unit from starting: the image answers for files in it. */
static bool
may_fail(const struct boot *boot, struct span key, struct span value)
{
	bool negative = span_begins(value, "!");
	char path[256] = "";

	if (span_is(key, "ConditionCapability") || value.size == 0)
		return false;
	if (span_is(key, "ConditionVirtualization"))
		return !negative;
	value = span_from(value, negative);
	if ((!span_is(key, "ConditionPathExists") && !span_is(key, "ConditionFileNotEmpty") &&
		!span_is(key, "ConditionPathIsDirectory") &&
		!span_is(key, "ConditionFileIsExecutable")) ||
	    value.size >= sizeof path)
		return true;
	if (span_begins(value, "/dev/tty") || span_begins(value, "/dev/console"))
		return negative; /* made when the product runs */
	memcpy(path, value.at, value.size);
	return (boot_node(boot, path) != NULL) == negative;
}

static void
read_key(const struct boot *boot, struct unit *unit, const struct kept_file *file,
    struct span section, struct span key, struct span value)
{
	bool wanting = span_is(key, "Wants") || span_is(key, "Requires") ||
		       span_is(key, "BindsTo") || span_is(key, "Upholds");

	if (span_is(section, "[Unit]") && wanting && unit->want_count < UNIT_MAX_WANTS)
		unit->wants[unit->want_count++] = value;
	else if (span_is(section, "[Unit]") && span_begins(key, "Condition"))
		unit->conditional |= may_fail(boot, key, value);
	else if (span_is(section, "[Install]"))
		unit->has_install |= span_is(key, "WantedBy") || span_is(key, "RequiredBy") ||
				     span_is(key, "Also") || span_is(key, "Alias");
	else if (span_is(key, "Accept"))
		unit->accepts = is_yes(value);
	else if (span_is(key, "ListenStream") || span_is(key, "ListenDatagram")) {
		if (value.size == 0)
			unit->listen_count = 0;
		else if (unit->listen_count < UNIT_MAX_LISTENS) {
			unit->listen_files[unit->listen_count] = file;
			unit->listens[unit->listen_count++] = value;
		}
	} else if (span_is(key, "Service") || span_is(key, "Unit"))
		unit->service = value;
}

void
unit_read(struct boot *boot, struct unit *unit, struct shell *shell)
{
	shell->variable_count = 0;
	for (size_t i = 0; i < unit->file_count; i++) {
		const struct kept_file *file = unit->files[i];
		struct span rest = file->content, line, section = {0};

		while (line_next(&rest, &line)) {
			struct span value = span_trim(line), key;

			if (value.size == 0 || value.at[0] == '#' || value.at[0] == ';')
				continue;
			if (value.at[0] == '[') {
				section = value;
				continue;
			}
			key = span_trim(field_next(&value, '='));
			value = span_trim(value);
			if (span_is(section, "[Service]") || section.size == 0)
				read_service_key(boot, unit, shell, file, key, value);
			if (!span_is(section, "[Service]"))
				read_key(boot, unit, file, section, key, value);
		}
	}
}

/* The first rule of the first preset file that fits: "disable x.service". */
bool
unit_is_disabled(const struct boot *boot, const char *name)
{
	size_t presets = 0;

	for (size_t i = 0; i < boot->file_count; i++) {
		struct span rest = boot->files[i].kept->content, line, verb, pattern;
		char glob[128];

		if (boot->files[i].root != boot->root ||
		    !text_ends_with(boot->files[i].kept->node->name, ".preset"))
			continue;
		if (presets++ == MAX_PRESETS)
			break;
		while (line_next(&rest, &line)) {
			if (!word_next(&line, &verb) || !word_next(&line, &pattern) ||
			    pattern.size >= sizeof glob)
				continue;
			memcpy(glob, pattern.at, pattern.size);
			glob[pattern.size] = '\0';
			if (glob_matches(glob, name))
				return span_is(verb, "disable");
		}
	}
	return false;
}
