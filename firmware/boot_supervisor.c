/* supervisord starts each program its configuration names. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/boot.h"
#include "firmware/reading.h"

/* One [program:NAME] of supervisord.conf(5). */
struct program {
	struct span command, user;
	bool waits; /* autostart=false */
};

static enum status
add_program(struct boot *boot, const struct kept_file *file, struct program *program)
{
	enum truth truth = boot->supervisor == NEVER && !boot->known ? MAYBE : boot->supervisor;
	struct shell_command *command = arena_allocate(boot->job, sizeof *command);
	struct boot_start start = {.file = file, .any = truth != NEVER};

	if (command == NULL)
		return STATUS_LIMIT;
	if (program->command.size == 0)
		return STATUS_OK;
	start.offset = (size_t)(program->command.at - file->content.at);
	start.enabled = boot_enabled(program->waits ? truth_and(truth, MAYBE) : truth);
	start.user = program->user.size == 0 ? NULL : span_text(boot->job, program->user);
	shell_split(program->command, command);
	command->ended_by = "";
	*program = (struct program){.waits = false};
	return boot_add_command(boot, command, &start);
}

static enum status
read_supervisor(struct boot *boot, const struct kept_file *file)
{
	struct span rest = file->content, line;
	struct program program = {.waits = false};
	bool within = false;
	size_t lines = 0;

	while (lines++ < 4096 && line_next(&rest, &line)) {
		struct span value = span_trim(line), key;

		if (span_begins(value, "[")) {
			TRY(add_program(boot, file, &program));
			within = span_begins(value, "[program:");
			continue;
		}
		key = span_trim(field_next(&value, '='));
		value = span_trim(value);
		if (!within || span_begins(key, ";") || span_begins(key, "#"))
			continue;
		if (span_is(key, "command"))
			program.command = value;
		else if (span_is(key, "user"))
			program.user = value;
		else if (span_is(key, "autostart"))
			program.waits = span_is_word(value, "false");
	}
	return add_program(boot, file, &program);
}

bool
boot_is_supervisor(const struct node *node)
{
	return strcmp(node->name, "supervisord.conf") == 0 ||
	       strstr(node->local, "/supervisor/conf.d/") != NULL ||
	       strstr(node->local, "/supervisor.d/") != NULL ||
	       strstr(node->local, "/supervisord.d/") != NULL;
}

enum status
boot_supervisor(struct boot *boot)
{
	boot->started_by = "supervisord";
	for (size_t i = 0; i < boot->file_count; i++)
		if (boot->files[i].root == boot->root &&
		    boot_is_supervisor(boot->files[i].kept->node))
			TRY(read_supervisor(boot, boot->files[i].kept));
	return STATUS_OK;
}
