/* Android's init, cron, and supervisors that run what lies in a folder. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/boot.h"
#include "firmware/reading.h"

/* service NAME PATH ARGUMENTS, with options on the lines that follow */
struct android {
	struct span line, user;
	size_t offset;
	bool disabled, once;
};

static enum status
add_android(struct boot *boot, const struct kept_file *file, const struct android *service)
{
	struct shell_command *command = arena_allocate(boot->job, sizeof *command);
	struct boot_start start = {.file = file, .offset = service->offset, .any = true};

	if (service->line.size == 0)
		return STATUS_OK;
	if (command == NULL)
		return STATUS_LIMIT;
	/* what is disabled is started by a property, if at all */
	start.enabled = service->disabled ? UNKNOWN : 1;
	start.user = service->user.size == 0 ? NULL : span_text(boot->job, service->user);
	shell_split(service->line, command);
	return boot_add_command(boot, command, &start);
}

static enum status
read_android(struct boot *boot, const struct kept_file *file)
{
	struct span rest = file->content, line, word;
	struct android service = {.line = {0}};

	while (line_next(&rest, &line)) {
		struct span words = line;

		if (!word_next(&words, &word) || word.at[0] == '#')
			continue;
		if (span_is(word, "service") || span_is(word, "on") || span_is(word, "import")) {
			TRY(add_android(boot, file, &service));
			service = (struct android){.offset = (size_t)(line.at - file->content.at)};
			if (span_is(word, "service") && word_next(&words, &word))
				service.line = span_trim(words);
		} else if (span_is(word, "user"))
			(void)word_next(&words, &service.user);
		else if (span_is(word, "disabled"))
			service.disabled = true;
	}
	return add_android(boot, file, &service);
}

enum status
boot_android(struct boot *boot)
{
	boot->started_by = "android init";
	for (size_t i = 0; i < boot->file_count; i++) {
		struct boot_file *file = &boot->files[i];

		if (file->root != boot->root || !text_ends_with(file->kept->node->name, ".rc") ||
		    boot_is_unit(file->kept->node))
			continue;
		file->reached = SURELY;
		TRY(read_android(boot, file->kept));
	}
	return STATUS_OK;
}

/* NAME/run in the folder of a supervisor; NAME/down keeps it from starting. */
static enum status
run_supervised(struct boot *boot, const struct node *folder)
{
	size_t seen = 0;

	for (const struct node *node = folder->child; node != NULL && seen < 256;
	     node = node->next, seen++) {
		const struct node *service =
		    places_find(boot->places, boot->root, folder->local, node->name);
		const struct node *run, *down;
		struct boot_file *file;

		if (service == NULL || service->type != NODE_FOLDER)
			continue;
		run = places_find(boot->places, boot->root, service->local, "run");
		down = places_find(boot->places, boot->root, service->local, "down");
		file = boot_file_of(boot, run);
		if (file == NULL)
			continue;
		TRY(boot_run(boot, file, NULL, down == NULL ? SURELY : NEVER));
	}
	return STATUS_OK;
}

enum status
boot_supervised(struct boot *boot)
{
	static const char *const folders[] = {"/etc/service", "/service", "/var/service",
	    "/etc/runit/runsvdir/default", "/etc/s6-overlay/s6-rc.d", "/etc/services.d"};

	boot->started_by = "runit";
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		const struct node *folder = boot_node(boot, folders[i]);

		if (folder != NULL)
			TRY(run_supervised(boot, folder));
	}
	return STATUS_OK;
}

static bool
is_table(const struct node *node)
{
	return strstr(node->local, "/cron.d/") != NULL ||
	       strstr(node->local, "/crontabs/") != NULL ||
	       strcmp(node->local, "/etc/crontab") == 0;
}

/* "@reboot COMMAND" runs at boot; what runs by the clock may start what was not running. */
static enum status
read_table(struct boot *boot, const struct kept_file *file)
{
	struct span rest = file->content, line, word;
	bool system = strstr(file->node->local, "/crontabs/") == NULL;
	size_t lines = 0;

	while (lines++ < 256 && line_next(&rest, &line)) {
		struct span words = line;
		size_t fields = 4;
		enum truth truth = MAYBE;

		if (!word_next(&words, &word) || word.at[0] == '#' ||
		    memchr(word.at, '=', word.size) != NULL)
			continue;
		if (word.at[0] == '@') {
			truth = span_is(word, "@reboot") && boot->cron == SURELY ? SURELY : MAYBE;
			fields = 0;
		}
		for (fields += system; fields > 0; fields--)
			(void)word_next(&words, &word);
		words = span_trim(words);
		if (words.size != 0)
			TRY(boot_run_line(
			    boot, file, words, (size_t)(line.at - file->content.at), false, truth));
	}
	return STATUS_OK;
}

enum status
boot_cron(struct boot *boot)
{
	boot->started_by = "cron";
	for (size_t i = 0; i < boot->file_count; i++) {
		struct boot_file *file = &boot->files[i];

		if (file->root != boot->root || !is_table(file->kept->node))
			continue;
		file->reached = SURELY;
		TRY(read_table(boot, file->kept));
	}
	return STATUS_OK;
}
