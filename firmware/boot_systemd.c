/* What default.target wants is started, and what that wants; the rest waits to be asked. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/boot_unit.h"
#include "firmware/reading.h"

#define MAX_UNITS 1024

/* Names of units to start, in the order they were found. */
struct wanted {
	struct boot *boot;
	const char *names[MAX_UNITS];
	size_t count;
	struct unit unit;   /* the one at hand */
	struct unit behind; /* the service of a socket */
	struct shell_command command;
};

bool
boot_is_unit(const struct node *node)
{
	static const char *const ends[] = {
	    ".service", ".socket", ".target", ".timer", ".conf", ".preset", ".path"};

	if (strstr(node->local, "/systemd/system") == NULL)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (text_ends_with(node->name, ends[i]))
			return true;
	return false;
}

/* It is told of by itself, and once. */
static void
reach(struct boot *boot, const struct unit *unit)
{
	if (unit->file_count != 0)
		boot_file_of(boot, unit->files[0]->node)->reached = SURELY;
}

static enum status
want(struct wanted *wanted, const char *name, size_t size)
{
	char *copy;

	if (size < 3 || size > 255)
		return STATUS_OK;
	for (size_t i = 0; i < wanted->count; i++)
		if (strlen(wanted->names[i]) == size && memcmp(wanted->names[i], name, size) == 0)
			return STATUS_OK;
	if (wanted->count == MAX_UNITS)
		return fail(
		    wanted->boot->job, STATUS_LIMIT, "limit: more than %d units", MAX_UNITS);
	copy = arena_string(wanted->boot->job, name, size);
	if (copy == NULL)
		return STATUS_LIMIT;
	wanted->names[wanted->count++] = copy;
	return STATUS_OK;
}

/* NAME.wants and NAME.requires in every folder. */
static enum status
want_linked(struct wanted *wanted, const char *name)
{
	struct boot *boot = wanted->boot;

	for (size_t i = 0; i < 2 * UNIT_FOLDERS; i++) {
		const struct node *folder = boot_node(boot, unit_folders[i / 2]);
		const char *path =
		    arena_printf(boot->job, "%s.%s", name, i % 2 == 0 ? "wants" : "requires");
		size_t seen = 0;

		if (path == NULL)
			return STATUS_LIMIT;
		folder = folder == NULL ? NULL : unit_entry(boot, folder, path);
		for (const struct node *node = folder == NULL ? NULL : folder->child;
		     node != NULL && seen < MAX_UNITS; node = node->next, seen++)
			TRY(want(wanted, node->name, strlen(node->name)));
	}
	return STATUS_OK;
}

static enum status
want_words(struct wanted *wanted, struct span words)
{
	struct span word;

	while (word_next(&words, &word))
		TRY(want(wanted, (const char *)word.at, word.size));
	return STATUS_OK;
}

/* What these targets want by themselves, where only part of a system is there. */
static enum status
want_usual(struct wanted *wanted, const char *name)
{
	static const char *const usual[][2] = {
	    {"graphical.target", "multi-user.target"},
	    {"multi-user.target", "basic.target getty.target"},
	    {"basic.target", "sysinit.target sockets.target timers.target paths.target"},
	    {"sysinit.target", "local-fs.target swap.target"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(usual); i++)
		if (strcmp(name, usual[i][0]) == 0)
			return want_words(wanted, span_of_string(usual[i][1]));
	return STATUS_OK;
}

/* "%i" and "%I" of a unit's command, and its leading signs. */
static enum status
split_start(struct wanted *wanted, struct span rest)
{
	struct shell *shell = &wanted->boot->script->shell;
	size_t kept = 0;

	while (rest.size != 0 && rest.at[0] != '\0' && strchr("-@+!:", rest.at[0]) != NULL)
		rest = span_from(rest, 1);
	shell_split_with(shell, rest, &wanted->command);
	/* a variable nothing sets is nothing */
	for (size_t i = 0; i < wanted->command.word_count; i++)
		if (i == 0 || wanted->command.words[i][0] != '$')
			wanted->command.words[kept++] = wanted->command.words[i];
	wanted->command.word_count = kept;
	return STATUS_OK;
}

static const char *
user_of(struct boot *boot, const struct unit *unit)
{
	if (unit->user.size != 0 && unit->user.at[0] != '%')
		return span_text(boot->job, unit->user);
	if (unit->dynamic_user)
		return arena_string(boot->job, unit->name, strcspn(unit->name, "@."));
	return NULL;
}

static enum status
add_service(struct wanted *wanted, const struct unit *unit, int64_t enabled)
{
	struct boot *boot = wanted->boot;
	bool once = span_is(unit->type, "oneshot");
	const char *user = user_of(boot, unit);
	struct shell variables = boot->script->shell;

	for (size_t i = 0; i < unit->start_count; i++) {
		const struct unit_start *line = &unit->starts[i];
		struct boot_start start = {.file = line->file,
		    .offset = (size_t)(line->line.at - line->file->content.at),
		    .enabled = enabled,
		    .any = enabled != 0 && !once && line->main,
		    .user = user};
		bool known = false;

		boot->script->shell = variables; /* a script before it left its own */
		TRY(split_start(wanted, line->line));
		if (unit->on_socket && wanted->command.word_count != 0 &&
		    boot_is_shell(wanted->command.words[0]))
			continue; /* its socket is told */
		if (enabled != 0)
			TRY(boot_run_words(boot, &wanted->command, &start, &known));
		if (!known)
			TRY(boot_add_command(boot, &wanted->command, &start));
	}
	return STATUS_OK;
}

/* What answers at a socket says what it is: "x.service", or "x@.service" for each connection. */
static enum status
name_behind(struct wanted *wanted, const struct unit *unit, const char **protocol)
{
	struct boot *boot = wanted->boot;
	struct unit *behind = &wanted->behind;
	int size = (int)strcspn(unit->name, "@.");
	const char *names[] = {unit->service.size == 0 ? NULL : span_text(boot->job, unit->service),
	    arena_printf(boot->job, "%.*s@.service", size, unit->name),
	    arena_printf(boot->job, "%.*s.service", size, unit->name)};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct launch launch;
		const struct daemon *daemon;
		const char *name;

		if (names[i] == NULL || !unit_find(boot, names[i], behind) ||
		    behind->start_count == 0)
			continue;
		TRY(split_start(wanted, behind->starts[0].line));
		launch = launch_read(&wanted->command);
		if (launch.program >= wanted->command.word_count)
			return STATUS_OK;
		name = launch_base_name(wanted->command.words[launch.program]);
		daemon = boot_daemon(name);
		if (boot_is_shell(name) && (i == 1 || behind->on_socket))
			*protocol = "shell";
		else if (daemon != NULL)
			*protocol = daemon->protocol;
		return STATUS_OK;
	}
	return STATUS_OK;
}

/* A socket is open whether or not its service runs yet. */
static enum status
add_socket(struct wanted *wanted, const struct unit *unit, int64_t enabled)
{
	struct boot *boot = wanted->boot;
	const char *name = arena_string(boot->job, unit->name, strcspn(unit->name, "@."));
	const char *protocol = name == NULL ? NULL : boot_protocol(name);

	if (name == NULL)
		return STATUS_LIMIT;
	if (protocol == NULL && unit->listen_count != 0)
		TRY(name_behind(wanted, unit, &protocol));
	for (size_t i = 0; i < unit->listen_count; i++) {
		struct span value = unit->listens[i];
		struct boot_service service = {.file = unit->listen_files[i],
		    .node = unit->listen_files[i]->node,
		    .name = name,
		    .port = UNKNOWN,
		    .enabled = enabled};
		const char *address = span_text(boot->job, value);

		if (address == NULL)
			return STATUS_LIMIT;
		if (value.at[0] == '/' || value.at[0] == '@' || value.at[0] == '%' ||
		    span_begins(value, "vsock"))
			continue; /* a local socket */
		service.offset = (size_t)(value.at - service.file->content.at);
		service.protocol = protocol;
		TRY(boot_read_address(boot, address, &service));
		if (service.address == NULL)
			service.address = "::"; /* a port alone is open to all */
		TRY(boot_add(boot, &service));
	}
	return STATUS_OK;
}

/* The service behind a socket or timer: "x.service" for "x.socket", unless it says another. */
static enum status
want_behind(struct wanted *wanted, const struct unit *unit)
{
	const char *dot = strrchr(unit->name, '.'), *name;

	if (unit->service.size != 0)
		return want_words(wanted, unit->service);
	if (dot == NULL)
		return STATUS_OK;
	/* with Accept= each who calls gets an instance of a template */
	name = arena_printf(wanted->boot->job, "%.*s%s.service", (int)(dot - unit->name),
	    unit->name, unit->accepts ? "@" : "");
	return name == NULL ? STATUS_LIMIT : want(wanted, name, strlen(name));
}

static enum status
start_unit(struct wanted *wanted, const char *name)
{
	struct unit *unit = &wanted->unit;

	if (unit_is_masked(wanted->boot, name))
		return STATUS_OK;
	TRY(want_linked(wanted, name));
	if (!unit_find(wanted->boot, name, unit))
		return want_usual(wanted, name);
	reach(wanted->boot, unit);
	for (size_t i = 0; i < unit->want_count; i++)
		TRY(want_words(wanted, unit->wants[i]));
	if (text_ends_with(name, ".socket")) {
		TRY(add_socket(wanted, unit, 1));
		return want_behind(wanted, unit);
	}
	if (text_ends_with(name, ".timer"))
		return want_behind(wanted, unit);
	if (!text_ends_with(name, ".service"))
		return STATUS_OK;
	return add_service(wanted, unit, unit->conditional ? UNKNOWN : 1);
}

/* Units nothing wants: the first boot of a system without a machine-id may enable them. */
static enum status
add_idle(struct wanted *wanted, bool running, int64_t otherwise)
{
	struct boot *boot = wanted->boot;
	bool first_boot = boot_node(boot, "/etc/machine-id") == NULL;

	for (size_t i = 0; i < boot->file_count; i++) {
		const struct node *node = boot->files[i].kept->node;
		struct unit *unit = &wanted->unit;
		int64_t enabled = otherwise;

		if (boot->files[i].root != boot->root || boot->files[i].reached != NEVER ||
		    !boot_is_unit(node) || strstr(node->local, "/system/") == NULL)
			continue;
		if (!text_ends_with(node->name, ".service") &&
		    !text_ends_with(node->name, ".socket"))
			continue;
		(void)unit_find(boot, node->name, unit);
		reach(boot, unit);
		if (running && unit->has_install && first_boot &&
		    !unit_is_masked(boot, node->name) && !unit_is_disabled(boot, node->name))
			enabled = UNKNOWN;
		if (text_ends_with(node->name, ".socket"))
			TRY(add_socket(wanted, unit, enabled));
		else
			TRY(add_service(wanted, unit, enabled));
	}
	return STATUS_OK;
}

static enum status
want_default(struct wanted *wanted)
{
	const struct boot *boot = wanted->boot;

	for (size_t i = 0; i < UNIT_FOLDERS; i++) {
		const struct node *folder = boot_node(boot, unit_folders[i]);
		const struct node *link =
		    folder == NULL ? NULL : unit_entry(boot, folder, "default.target");
		const char *name;

		if (link == NULL || link->type != NODE_LINK || link->link_target == NULL)
			continue;
		name = launch_base_name(link->link_target);
		return want(wanted, name, strlen(name));
	}
	return want_words(wanted, span_of_string("graphical.target"));
}

enum status
boot_systemd(struct boot *boot)
{
	struct wanted *wanted;
	bool any = false, running, settled;

	for (size_t i = 0; i < boot->file_count; i++)
		any |= boot->files[i].root == boot->root && boot_is_unit(boot->files[i].kept->node);
	for (size_t i = 0; i < UNIT_FOLDERS; i++)
		any |= boot_node(boot, unit_folders[i]) != NULL;
	if (!any)
		return STATUS_OK;
	settled = boot_node(boot, "/lib/systemd/systemd") != NULL ||
		  boot_node(boot, "/usr/lib/systemd/systemd") != NULL;
	running = settled || !boot->known;
	wanted = arena_allocate(boot->job, sizeof *wanted);
	if (wanted == NULL)
		return STATUS_LIMIT;
	wanted->boot = boot;
	boot->started_by = "systemd unit";
	if (running)
		TRY(want_default(wanted));
	for (size_t i = 0; i < wanted->count; i++)
		TRY(start_unit(wanted, wanted->names[i]));
	/* where neither systemd nor another init is, who knows what would start the rest */
	TRY(add_idle(wanted, settled, settled || boot->known ? 0 : UNKNOWN));
	boot->known |= settled;
	return STATUS_OK;
}
