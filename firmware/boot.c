/* One root after the other: what its start system runs, then what is left lying about. */
#include "firmware/boot.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/reading.h"

bool
boot_is_start_name(const char *name)
{
	return name[0] == 'S' && name[1] >= '0' && name[1] <= '9' && name[2] >= '0' &&
	       name[2] <= '9' && name[3] != '\0';
}

static int
by_node(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)(*(struct boot_file *const *)a)->kept->node,
		  y = (uintptr_t)(*(struct boot_file *const *)b)->kept->node;

	return (x > y) - (x < y);
}

struct boot_file *
boot_file_of(const struct boot *boot, const struct node *node)
{
	struct kept_file kept = {.node = node};
	struct boot_file wanted = {.kept = &kept}, *key = &wanted, **found;

	if (node == NULL || boot->file_count == 0)
		return NULL;
	found = bsearch(&key, boot->index, boot->file_count, sizeof *boot->index, by_node);
	return found == NULL ? NULL : *found;
}

const struct node *
boot_node(const struct boot *boot, const char *path)
{
	return places_find(boot->places, boot->root, NULL, path);
}

struct boot_file *
boot_find(const struct boot *boot, const char *path)
{
	return boot_file_of(boot, boot_node(boot, path));
}

static const struct kept_file *
file_of(void *context, const struct node *node)
{
	struct boot_file *file = boot_file_of(context, node);

	return file == NULL ? NULL : file->kept;
}

static void
begun(void *context, const struct kept_file *kept, enum truth truth)
{
	struct boot_file *file = boot_file_of(context, kept->node);

	if (file != NULL && file->reached < truth)
		file->reached = truth;
}

/* A part of a kept file, like the text of sh -c, is a place of the whole. */
static const struct kept_file *
whole_of(const struct boot *boot, const struct kept_file *file, size_t *offset)
{
	const struct boot_file *whole = boot_file_of(boot, file->node);
	uintptr_t part = (uintptr_t)file->content.at, start;

	if (whole == NULL)
		return file;
	start = (uintptr_t)whole->kept->content.at;
	if (part < start || part >= start + whole->kept->content.size)
		return file;
	*offset += part - start;
	return whole->kept;
}

/* What would follow a command that leads out of what is known. */
static void
note_unfollowed(struct boot *boot, const struct shell_command *command)
{
	const char *word = command->words[0];

	if (text_ends_with(word, ".sh") || strcmp(word, ".") == 0)
		boot->open_ended = true;
}

static enum status
started(void *context, const struct kept_file *file, const struct shell_command *command,
    size_t offset, enum truth truth, const char *user)
{
	struct boot *boot = context;
	struct boot_start start = {.enabled = boot_enabled(truth), .offset = offset};
	size_t before = boot->service_count;

	start.user = user != NULL ? user : boot->user;
	start.file = whole_of(boot, file, &start.offset);
	if (truth == NEVER)
		return STATUS_OK;
	note_unfollowed(boot, command);
	TRY(boot_add_command(boot, command, &start));
	boot_note_pipe(boot, command, before);
	return STATUS_OK;
}

enum status
boot_run(struct boot *boot, struct boot_file *file, const char *argument, enum truth truth)
{
	return script_run(boot->script, file->kept, &argument, argument == NULL ? 0 : 1, truth);
}

static int
by_name(const void *a, const void *b)
{
	const struct node *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

enum status
boot_run_folder(
    struct boot *boot, const struct node *folder, const char *argument, enum truth truth)
{
	const struct node *names[256] = {NULL};
	size_t count = 0;

	for (const struct node *node = folder->child; node != NULL && count < ARRAY_SIZE(names);
	     node = node->next)
		if (boot_is_start_name(node->name))
			names[count++] = node;
	qsort(names, count, sizeof *names, by_name);
	for (size_t i = 0; i < count; i++) {
		struct boot_file *file = boot_file_of(
		    boot, places_find(boot->places, boot->root, folder->local, names[i]->name));
		struct boot_service service = {.node = names[i],
		    .name = names[i]->name + 3,
		    .port = UNKNOWN,
		    .enabled = boot_enabled(truth),
		    .user = NULL,
		    .protocol = boot_protocol(names[i]->name + 3)};
		size_t before = boot->service_count;

		if (file != NULL)
			TRY(boot_run(boot, file, argument, truth));
		/* what could not be followed is a service all the same, by the link's name */
		if (boot->service_count == before && (file == NULL || service.protocol != NULL) &&
		    (file == NULL || names[i]->type == NODE_LINK)) {
			if (file != NULL)
				service.enabled = UNKNOWN;
			TRY(boot_add(boot, &service));
		}
	}
	return STATUS_OK;
}

/* Runs a text that stands in `file`, or was made of what does. */
static enum status
run_text(struct boot *boot, const struct kept_file *file, struct span text, enum truth truth,
    bool *known)
{
	struct kept_file *part = arena_allocate(boot->job, sizeof *part);
	size_t before = boot->service_count;

	if (part == NULL)
		return STATUS_LIMIT;
	*part = (struct kept_file){.node = file->node, .content = text};
	TRY(script_run(boot->script, part, NULL, 0, truth));
	*known = boot->service_count != before;
	return STATUS_OK;
}

enum status
boot_run_words(struct boot *boot, const struct shell_command *command,
    const struct boot_start *start, bool *known)
{
	struct launch launch = launch_read(command);
	enum truth truth = start->enabled == 1 ? SURELY : start->enabled == 0 ? NEVER : MAYBE;
	size_t at = launch.program, size;
	const char *text;
	struct boot_file *script;
	enum status status = STATUS_OK;

	*known = false;
	if (at >= command->word_count || launch.stops)
		return STATUS_OK;
	boot->user = launch.user != NULL ? launch.user : start->user;
	text = script_text(command, &at);
	script = text != NULL || at >= command->word_count || command->words[at][0] != '/'
		     ? NULL
		     : boot_find(boot, command->words[at]);
	if (text != NULL) {
		struct span content = start->file->content, copy;

		size = strlen(text);
		at = span_find(content, text, size, start->offset);
		copy = span_of_string(arena_string(boot->job, text, size));
		status = copy.at == NULL ? STATUS_LIMIT
					 : run_text(boot, start->file,
					       at == SIZE_MAX ? copy : span_part(content, at, size),
					       truth, known);
	} else if (script != NULL && span_looks_like_text(script->kept->content)) {
		status = script_run(boot->script, script->kept, command->words + at + 1,
		    command->word_count - at - 1, truth);
	}
	boot->user = NULL;
	return status;
}

/* Signs that init leaves to a shell. */
static bool
is_for_shell(struct span line)
{
	for (size_t i = 0; i < line.size; i++)
		if (line.at[i] != '\0' && strchr("~`!$^&*()=|\\{}[];\"'<>?", line.at[i]) != NULL)
			return true;
	return false;
}

enum status
boot_run_line(struct boot *boot, const struct kept_file *file, struct span line, size_t offset,
    bool stays, enum truth truth)
{
	struct shell_command *command = arena_allocate(boot->job, sizeof *command);
	struct boot_start start = {
	    .file = file, .offset = offset, .enabled = boot_enabled(truth), .any = stays};
	struct kept_file *text = arena_allocate(boot->job, sizeof *text);
	struct launch launch;
	struct boot_file *script;
	size_t at;

	if (command == NULL || text == NULL)
		return STATUS_LIMIT;
	shell_split(line, command);
	launch = launch_read(command);
	at = launch.program;
	if (at >= command->word_count)
		return STATUS_OK;
	if (strcmp(launch_base_name(command->words[at]), "sh") == 0 &&
	    at + 1 < command->word_count && command->words[at + 1][0] != '-')
		at++;
	script = boot_find(boot, command->words[at]);
	if (script != NULL && command->words[at][0] == '/' &&
	    span_looks_like_text(script->kept->content)) {
		if (strcmp(boot->started_by, "inittab") == 0)
			boot->started_by = "rc script";
		return script_run(boot->script, script->kept, command->words + at + 1,
		    command->word_count - at - 1, truth);
	}
	if (is_for_shell(line)) {
		bool known;

		TRY(run_text(boot, file, line, truth, &known));
		if (known)
			return STATUS_OK;
	}
	command->ended_by = "";
	if (!stays && command->words[at][0] == '/' && boot_node(boot, command->words[at]) == NULL)
		boot->open_ended = true;
	return boot_add_command(boot, command, &start);
}

/* The roots that have kept files, each once. */
static enum status
prepare(struct boot *boot, const struct collection *collection, const char *by)
{
	size_t count = 0;

	for (const struct kept_file *file = collection->kept->first; file != NULL;
	     file = file->next)
		count += strcmp(file->by, by) == 0;
	boot->kept = collection->kept;
	boot->files = arena_array(boot->job, count, sizeof *boot->files);
	boot->index = arena_array(boot->job, count, sizeof *boot->index);
	boot->services = arena_array(boot->job, BOOT_MAX_SERVICES, sizeof *boot->services);
	boot->script = script_new(boot->job);
	if (boot->files == NULL || boot->index == NULL || boot->services == NULL ||
	    boot->script == NULL)
		return STATUS_LIMIT;
	for (const struct kept_file *file = collection->kept->first; file != NULL;
	     file = file->next) {
		const struct node *root = places_root(file->node);
		bool seen = false;

		if (strcmp(file->by, by) != 0)
			continue;
		boot->index[boot->file_count] = &boot->files[boot->file_count];
		boot->files[boot->file_count++] = (struct boot_file){.kept = file, .root = root};
		for (size_t i = 0; i < boot->root_count; i++)
			seen |= boot->roots[i] == root;
		if (!seen && boot->root_count == BOOT_MAX_ROOTS)
			return fail(boot->job, STATUS_LIMIT, "limit: more than %d file systems",
			    BOOT_MAX_ROOTS);
		if (!seen)
			boot->roots[boot->root_count++] = root;
	}
	qsort(boot->index, boot->file_count, sizeof *boot->index, by_node);
	boot->places = places_new(boot->job, collection->tree);
	return boot->places == NULL ? fail(boot->job, STATUS_LIMIT, "limit: no index of the tree")
				    : STATUS_OK;
}

static enum status
read_root(struct boot *boot)
{
	boot->known = boot->open_ended = false;
	boot->inetd = boot->xinetd = boot->cron = boot->supervisor = NEVER;
	boot->pipe = PIPE_NONE;
	boot->script->lost = false;
	boot->script->places = boot->places;
	boot->script->root = boot->root;
	boot->script->context = boot;
	boot->script->file = file_of;
	boot->script->command = started;
	boot->script->begun = begun;
	TRY(boot_inittab(boot));
	TRY(boot_systemd(boot));
	TRY(boot_rc(boot));
	TRY(boot_android(boot));
	TRY(boot_supervised(boot));
	TRY(boot_inetd(boot));
	TRY(boot_xinetd(boot));
	TRY(boot_cron(boot));
	TRY(boot_supervisor(boot));
	TRY(boot_hotplug(boot));
	boot->open_ended |= boot->script->lost;
	boot_note_init(boot);
	TRY(boot_leftovers(boot));
	return boot_configuration(boot);
}

enum status
boot_read(struct boot *boot, const struct collection *collection, const char *by)
{
	TRY(prepare(boot, collection, by));
	for (size_t i = 0; i < boot->root_count; i++) {
		boot->root = boot->roots[i];
		TRY(read_root(boot));
	}
	if (boot->script->unknown != NULL)
		return fail(boot->job, STATUS_MALFORMED,
		    "%.200s: what it runs is only known when it runs",
		    boot->script->unknown->node->path);
	if (boot->script->gave_up)
		return fail(boot->job, STATUS_LIMIT, "limit: scripts not followed to their end");
	return STATUS_OK;
}
