/* KEY=VALUE in sections; an empty value takes back what came before. */
#include "firmware/boot_unit.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/glob.h"
#include "firmware/reading.h"

#define MAX_PRESETS 32

const char *const unit_folders[UNIT_FOLDERS] = {"/etc/systemd/system", "/run/systemd/system",
    "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"};

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
	else if (span_is(key, "StandardInput"))
		unit->on_socket = span_is(value, "socket");
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

const struct node *
unit_entry(const struct boot *boot, const struct node *folder, const char *name)
{
	char path[PLACES_MAX_PATH];
	size_t size = strlen(folder->local), more = strlen(name);

	if (size + 1 + more >= sizeof path)
		return NULL;
	memcpy(path, folder->local, size);
	path[size] = '/';
	memcpy(path + size + 1, name, more + 1);
	return places_at(boot->places, boot->root, path);
}

bool
unit_is_masked(const struct boot *boot, const char *name)
{
	for (size_t i = 0; i < 2; i++) {
		const struct node *folder = boot_node(boot, unit_folders[i]);
		const struct node *entry = folder == NULL ? NULL : unit_entry(boot, folder, name);

		if (entry == NULL)
			continue;
		return (entry->type == NODE_LINK && entry->link_target != NULL &&
			   strcmp(entry->link_target, "/dev/null") == 0) ||
		       (entry->type == NODE_FILE && entry->bytes == 0);
	}
	return false;
}

/* "getty@tty1.service" is an instance of "getty@.service". */
static const char *
template_of(struct boot *boot, const char *name)
{
	const char *at = strchr(name, '@'), *dot = strrchr(name, '.');

	if (at == NULL || dot == NULL || dot < at || dot == at + 1)
		return NULL;
	return arena_printf(boot->job, "%.*s%s", (int)(at - name) + 1, name, dot);
}

static const struct kept_file *
unit_file(struct boot *boot, const char *name)
{
	for (size_t i = 0; i < UNIT_FOLDERS; i++) {
		const struct node *folder = boot_node(boot, unit_folders[i]);
		struct boot_file *file;

		if (folder == NULL)
			continue;
		file =
		    boot_file_of(boot, places_find(boot->places, boot->root, folder->local, name));
		if (file != NULL)
			return file->kept;
	}
	return NULL;
}

/* NAME.d/x.conf in every folder. */
static void
add_drop_ins(struct boot *boot, struct unit *unit, const char *name)
{
	char path[300];

	if (strlen(name) + 3 > sizeof path)
		return;
	memcpy(path, name, strlen(name));
	memcpy(path + strlen(name), ".d", 3);
	for (size_t i = UNIT_FOLDERS; i-- > 0;) {
		const struct node *folder = boot_node(boot, unit_folders[i]);

		folder = folder == NULL ? NULL : unit_entry(boot, folder, path);
		for (const struct node *node = folder == NULL ? NULL : folder->child;
		     node != NULL && unit->file_count < UNIT_MAX_FILES; node = node->next) {
			struct boot_file *file = boot_file_of(boot, node);

			if (file != NULL && text_ends_with(node->name, ".conf"))
				unit->files[unit->file_count++] = file->kept;
		}
	}
}

bool
unit_find(struct boot *boot, const char *name, struct unit *unit)
{
	const struct kept_file *file = unit_file(boot, name);
	const char *base = template_of(boot, name);

	*unit = (struct unit){.name = name};
	if (file == NULL && base != NULL)
		file = unit_file(boot, base);
	if (file != NULL)
		unit->files[unit->file_count++] = file;
	if (base != NULL)
		add_drop_ins(boot, unit, base);
	add_drop_ins(boot, unit, name);
	unit_read(boot, unit, &boot->script->shell);
	return file != NULL;
}
