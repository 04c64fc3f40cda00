/* What runs when a device appears: udev's rules and mdev.conf. */
#include <string.h>

#include "base/text.h"
#include "firmware/boot.h"
#include "firmware/reading.h"

#define MAX_LINES 4096

static bool
is_rules(const struct node *node)
{
	return text_ends_with(node->name, ".rules") && strstr(node->local, "/udev/") != NULL;
}

bool
boot_is_hotplug(const struct node *node)
{
	return is_rules(node) || strcmp(node->name, "mdev.conf") == 0;
}

/* KEY=="…", RUN+="PROGRAM ARGUMENTS", RUN{program}="…": whether the device comes, nobody knows. */
static enum status
run_rule(struct boot *boot, const struct kept_file *file, struct span line)
{
	size_t at = 0;

	for (int runs = 0; runs < 8; runs++) {
		struct span rest, command;

		at = span_find(line, "RUN", 3, at);
		if (at == SIZE_MAX)
			return STATUS_OK;
		at += 3;
		rest = span_from(line, at);
		if (span_begins(rest, "{program}"))
			rest = span_from(rest, 9);
		rest = span_from(rest, span_begins(rest, "+") || span_begins(rest, ":"));
		if (!span_begins(rest, "=\""))
			continue;
		rest = span_from(rest, 2);
		command = field_next(&rest, '"');
		if (command.size != 0)
			TRY(boot_run_line(boot, file, command, (size_t)(line.at - file->content.at),
			    false, MAYBE));
	}
	return STATUS_OK;
}

/* [-]DEVICE USER:GROUP MODE [>NAME] [@|$|*COMMAND]: "@" and "*" when it appears. */
static enum status
run_device(struct boot *boot, const struct kept_file *file, struct span line)
{
	struct span rest = line, word;

	for (int words = 0; words < 5 && word_next(&rest, &word); words++) {
		if (words < 3 || (word.at[0] != '@' && word.at[0] != '*'))
			continue;
		word = span_from(line, (size_t)(word.at - line.at) + 1);
		return boot_run_line(
		    boot, file, word, (size_t)(line.at - file->content.at), false, MAYBE);
	}
	return STATUS_OK;
}

enum status
boot_hotplug(struct boot *boot)
{
	for (size_t i = 0; i < boot->file_count; i++) {
		struct boot_file *file = &boot->files[i];
		struct span rest = file->kept->content, line;
		size_t lines = 0;
		bool rules = is_rules(file->kept->node);

		if (file->root != boot->root || !boot_is_hotplug(file->kept->node))
			continue;
		boot->started_by = rules ? "udev" : "mdev";
		while (lines++ < MAX_LINES && line_next(&rest, &line)) {
			line = span_trim(line);
			if (line.size == 0 || line.at[0] == '#')
				continue;
			TRY(rules ? run_rule(boot, file->kept, line)
				  : run_device(boot, file->kept, line));
		}
	}
	return STATUS_OK;
}
