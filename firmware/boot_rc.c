/* System V, BusyBox and OpenWrt: inittab names scripts, and these run what lies in folders. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/boot.h"
#include "firmware/reading.h"

/* id:runlevels:action:process */
struct entry {
	struct span id, levels, action, process;
	size_t offset;
};

static bool
next_entry(struct span content, struct span *rest, struct entry *entry)
{
	struct span line;

	while (line_next(rest, &line)) {
		entry->offset = (size_t)(line.at - content.at);
		line = span_trim(line);
		if (line.size == 0 || line.at[0] == '#')
			continue;
		entry->id = field_next(&line, ':');
		entry->levels = field_next(&line, ':');
		entry->action = field_next(&line, ':');
		entry->process = span_trim(line);
		return true;
	}
	return false;
}

/* The run level of "id:3:initdefault:"; 0 where there is none: then levels mean nothing. */
static char
default_level(struct span content)
{
	struct span rest = content;
	struct entry entry;

	while (next_entry(content, &rest, &entry))
		if (span_is(entry.action, "initdefault") && entry.levels.size == 1)
			return (char)entry.levels.at[0];
	return '\0';
}

/* "/etc/init.d/rc 3", "/etc/rc.d/rc 3": System V's own way through /etc/rc3.d. */
static bool
is_level_script(struct span process, char *level)
{
	struct span words[3];
	size_t count = 0;

	while (count < 3 && word_next(&process, &words[count]))
		count++;
	if (count != 2 || words[1].size != 1 || !span_ends(words[0], "/rc"))
		return false;
	*level = (char)words[1].at[0];
	return true;
}

static enum status
run_level(struct boot *boot, char level, enum truth truth)
{

	boot->started_by = "rc script";
	for (size_t i = 0; i < 2; i++) {
		const char *path = i == 0 ? arena_printf(boot->job, "/etc/rc%c.d", level)
					  : arena_printf(boot->job, "/etc/rc.d/rc%c.d", level);
		const struct node *folder;

		if (path == NULL)
			return STATUS_LIMIT;
		folder = boot_node(boot, path);
		if (folder != NULL)
			return boot_run_folder(boot, folder, "start", truth);
	}
	return STATUS_OK;
}

/* A log-in shell reads /etc/profile, and so does whoever opens the console. */
static enum status
run_profile(struct boot *boot, struct span process, enum truth truth)
{
	struct boot_file *profile;

	if (!span_begins(process, "-/bin/sh") && !span_begins(process, "-/bin/ash") &&
	    !span_begins(process, "-/bin/bash"))
		return STATUS_OK;
	profile = boot_find(boot, "/etc/profile");
	return profile == NULL ? STATUS_OK : boot_run(boot, profile, NULL, truth);
}

static enum status
run_entry(struct boot *boot, const struct kept_file *file, const struct entry *entry)
{
	struct span process = entry->process, login;
	bool stays = span_is(entry->action, "respawn") || span_is(entry->action, "askfirst") ||
		     span_is(entry->action, "once") || span_is(entry->action, "respawnlate") ||
		     span_is(entry->action, "askconsole") ||
		     span_is(entry->action, "askconsolelate") || span_is(entry->action, "ondemand");
	char level;

	boot->started_by = "inittab";
	if (!stays && !span_is(entry->action, "wait") && !span_is(entry->action, "sysinit") &&
	    !span_is(entry->action, "boot") && !span_is(entry->action, "bootwait"))
		return STATUS_OK;
	if (is_level_script(process, &level))
		return run_level(boot, level, SURELY);
	login = process;
	while (span_begins(process, "-") || span_begins(process, "+") || span_begins(process, "@"))
		process = span_from(process, 1);
	TRY(boot_run_line(boot, file, process, entry->offset, stays, SURELY));
	boot->started_by = "rc script";
	if (!stays)
		return STATUS_OK;
	return run_profile(boot, login, span_is(entry->action, "respawn") ? SURELY : MAYBE);
}

/* OpenWrt's init runs /etc/rc.d by itself where inittab names a script that is not there. */
static enum status
run_procd(struct boot *boot, struct span process)
{
	const struct node *folder = boot_node(boot, "/etc/rc.d");
	struct span word;

	if (!word_next(&process, &word) || !span_is(word, "/etc/init.d/rcS") ||
	    boot_find(boot, "/etc/init.d/rcS") != NULL || folder == NULL ||
	    boot_node(boot, "/sbin/procd") == NULL)
		return STATUS_OK;
	boot->started_by = "rc script";
	boot->open_ended = false;
	return boot_run_folder(boot, folder, "boot", SURELY);
}

enum status
boot_inittab(struct boot *boot)
{
	struct boot_file *file = boot_find(boot, "/etc/inittab");
	struct span content, rest;
	struct entry entry;
	char level;

	if (file == NULL)
		return STATUS_OK;
	boot->known = true;
	file->reached = SURELY;
	rest = content = file->kept->content;
	level = default_level(content);
	while (next_entry(content, &rest, &entry)) {
		if (level != '\0' && entry.levels.size != 0 && !span_is(entry.action, "sysinit") &&
		    !span_is(entry.action, "boot") && !span_is(entry.action, "bootwait") &&
		    memchr(entry.levels.at, level, entry.levels.size) == NULL)
			continue;
		TRY(run_entry(boot, file->kept, &entry));
		if (span_is(entry.action, "sysinit"))
			TRY(run_procd(boot, entry.process));
	}
	return STATUS_OK;
}

/* BusyBox without an inittab runs rcS, and a shell on the console for who presses Enter. */
static enum status
run_default(struct boot *boot)
{
	struct boot_file *script = boot_find(boot, "/etc/init.d/rcS");
	const struct node *init = boot_first_init(boot);

	if (init == NULL || !boot_is_busybox(boot, init))
		return STATUS_OK;
	boot->known = true;
	if (script != NULL) {
		boot->started_by = "rc script";
		TRY(boot_run(boot, script, NULL, SURELY));
	}
	boot->started_by = "inittab";
	return boot_add(boot, &(struct boot_service){.node = init,
				  .name = "sh",
				  .command = "/bin/sh (BusyBox init without an inittab)",
				  .user = "root",
				  .protocol = "console",
				  .port = UNKNOWN,
				  .enabled = boot_node(boot, "/bin/sh") == NULL ? UNKNOWN : 1});
}

/* A script that some start system runs by its name alone. */
static bool
is_boot_script(const struct node *node)
{
	return strcmp(node->name, "rcS") == 0 || strcmp(node->name, "rc.local") == 0 ||
	       strcmp(node->name, "rc") == 0 || strcmp(node->name, "rc.sysinit") == 0 ||
	       (boot_is_start_name(node->name) &&
		   (strstr(node->local, "/init.d/") != NULL || strstr(node->local, "/rc") != NULL));
}

enum status
boot_rc(struct boot *boot)
{
	if (!boot->known)
		TRY(run_default(boot));
	boot->started_by = "rc script";
	if (boot->known) {
		struct boot_file *local = boot_find(boot, "/etc/rc.local");

		/* its caller is a script of the distribution, or init itself */
		if (local != NULL && local->reached == NEVER)
			TRY(boot_run(boot, local, NULL, MAYBE));
		return STATUS_OK;
	}
	TRY(boot_init_script(boot));
	/* part of a system, whose init lies elsewhere: these names are what it would run */
	for (size_t i = 0; i < boot->file_count; i++) {
		struct boot_file *file = &boot->files[i];

		if (file->root == boot->root && file->reached == NEVER &&
		    is_boot_script(file->kept->node) && span_looks_like_text(file->kept->content))
			TRY(boot_run(boot, file, "start", SURELY));
	}
	return STATUS_OK;
}

/* A script of a service, that only runs when it is linked or called. */
static bool
is_service_script(const struct node *node)
{
	return strstr(node->local, "/init.d/") != NULL || strstr(node->local, "/rc.d/") != NULL;
}

/* "procd_set_param command PROGRAM …" starts a program, as others do. */
static void
read_procd(struct shell_command *command)
{
	bool starts = command->word_count > 2 && strcmp(command->words[1], "command") == 0 &&
		      strcmp(command->words[0], "procd_set_param") == 0;

	command->ended_by = "";
	if (!starts)
		return;
	command->ended_by = "&";
	command->word_count -= 2;
	memmove(command->words, command->words + 2, command->word_count * sizeof *command->words);
}

static enum status
read_leftover(struct boot *boot, struct boot_file *file)
{
	struct shell shell = shell_new(file->kept->content);
	struct shell_command *command = arena_allocate(boot->job, sizeof *command);
	bool settled = boot->known && !boot->open_ended && is_service_script(file->kept->node);
	struct boot_start start = {.file = file->kept, .enabled = settled ? 0 : UNKNOWN};
	size_t before = boot->service_count;

	if (command == NULL)
		return STATUS_LIMIT;
	while (boot->service_count - before < 64 && shell_next(&shell, command)) {
		start.offset = command->offset;
		read_procd(command);
		TRY(boot_add_command(boot, command, &start));
	}
	return STATUS_OK;
}

enum status
boot_leftovers(struct boot *boot)
{
	boot->started_by = "rc script";
	for (size_t i = 0; i < boot->file_count; i++) {
		struct boot_file *file = &boot->files[i];
		const char *name = file->kept->node->name;

		if (file->root != boot->root || file->reached != NEVER ||
		    boot_is_unit(file->kept->node) || boot_is_configuration(file->kept->node) ||
		    strcmp(name, "inittab") == 0 || !span_looks_like_text(file->kept->content) ||
		    text_ends_with(name, ".rc"))
			continue;
		if ((span_begins(file->kept->content, "#!") &&
			strstr(file->kept->node->local, "/etc/") != NULL) ||
		    is_service_script(file->kept->node) || text_ends_with(name, ".sh"))
			TRY(read_leftover(boot, file));
	}
	return STATUS_OK;
}
