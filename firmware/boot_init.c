/* What an image starts is known only where its init is one that is read here. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/boot.h"
#include "firmware/elf_file.h"
#include "firmware/launch.h"
#include "firmware/reading.h"

#define PROGRAMS "boot_init" /* who keeps programs, as one of these two */
#define PROGRAM ELF_FILE_MAGIC
#define TABLE_READER ELF_FILE_MAGIC " that reads a table"

/* What the kernel, a boot loader or OpenWrt starts first. */
static const char *const inits[] = {
    "/sbin/init", "/init", "/linuxrc", "/bin/init", "/etc/init", "/sbin/preinit", "/etc/preinit"};

/* By its place: a static program says little of itself. */
static bool
is_in_bin(const struct node *node)
{
	for (size_t i = 0; i < ARRAY_SIZE(inits); i++)
		if (strcmp(node->local, inits[i]) == 0)
			return true;
	return strstr(node->local, "/bin/") != NULL || strstr(node->local, "/sbin/") != NULL;
}

/* Of an operating system, so that something has to start it: no kernel, module, or whole image. */
static bool
is_program(const struct node *node, struct span content)
{
	struct elf_file elf;
	bool is = elf_file_open(content, &elf) && !elf.is_module && !elf.in_kernel_space &&
		  (elf.interpreter.size != 0 ||
		      (elf.type == ELF_TYPE_FIXED && (elf.has_system_note || is_in_bin(node))));

	elf_file_close(&elf);
	return is;
}

static bool
is_mere_program(const struct kept_file *file)
{
	return strcmp(file->by, PROGRAMS) == 0 && span_is(file->content, PROGRAM);
}

enum status
boot_keep_program(struct job *job, const struct collection *collection, const struct offer *offer)
{
	const struct kept_file *last = collection->kept->last;
	const char *as = offer->find_count == 0 ? PROGRAM : TABLE_READER;

	/* one of a file system shows that it has programs: so few are kept */
	if (offer->find_count == 0 && ((last != NULL && is_mere_program(last) &&
					   places_root(last->node) == places_root(offer->node)) ||
					  !is_program(offer->node, offer->content)))
		return STATUS_OK;
	return kept_add(job, collection->kept, PROGRAMS, offer->node, span_of_string(as));
}

static bool
reads_table(const struct boot *boot, const struct node *node)
{
	for (const struct kept_file *file = boot->kept->first; file != NULL; file = file->next)
		if (file->node == node && strcmp(file->by, PROGRAMS) == 0)
			return span_is(file->content, TABLE_READER);
	return false;
}

bool
boot_is_busybox(const struct boot *boot, const struct node *node)
{
	return node->type == NODE_FILE &&
	       (text_starts_with(node->name, "busybox") || reads_table(boot, node));
}

const struct node *
boot_first_init(const struct boot *boot)
{
	for (size_t i = 0; i < 4; i++) {
		const struct node *node = boot_node(boot, inits[i]);

		if (node != NULL)
			return node;
	}
	return NULL;
}

enum status
boot_init_script(struct boot *boot)
{
	boot->started_by = "rc script";
	for (size_t i = 0; i < ARRAY_SIZE(inits); i++) {
		struct boot_file *file = boot_find(boot, inits[i]);

		if (file != NULL && file->reached == NEVER)
			TRY(boot_run(boot, file, NULL, SURELY));
	}
	return STATUS_OK;
}

/* The init at a path, or the link to one that lies elsewhere; NULL where there is none. */
static const struct node *
init_at(const struct boot *boot, const char *path)
{
	const struct node *node = boot_node(boot, path);

	if (node == NULL)
		node = places_at(boot->places, boot->root, path);
	return node == NULL || (node->type != NODE_FILE && node->type != NODE_LINK) ? NULL : node;
}

static bool
is_read(const struct boot *boot, const struct node *init)
{
	const char *name = init->name;

	if (init->type == NODE_LINK && init->link_target != NULL)
		name = launch_base_name(init->link_target);
	return text_starts_with(name, "busybox") || text_starts_with(name, "toybox") ||
	       strcmp(name, "systemd") == 0 || boot_file_of(boot, init) != NULL ||
	       reads_table(boot, init);
}

void
boot_note_init(struct boot *boot)
{
	boot->begins |= boot->known;
	for (size_t i = 0; i < ARRAY_SIZE(inits); i++) {
		const struct node *init = init_at(boot, inits[i]);

		if (init == NULL)
			continue;
		boot->begins = true;
		if (boot->unread == NULL && !is_read(boot, init))
			boot->unread = inits[i];
	}
}

enum status
boot_unread(struct boot *boot, const char **reason)
{
	const struct node *last = NULL;
	bool programs = false;

	*reason = NULL;
	for (const struct kept_file *file = boot->kept->first; file != NULL; file = file->next) {
		bool seen = false;

		if (strcmp(file->by, PROGRAMS) != 0)
			continue;
		programs |= is_mere_program(file);
		boot->root = places_root(file->node);
		for (size_t i = 0; i < boot->root_count; i++)
			seen |= boot->roots[i] == boot->root;
		boot->known = false;
		if (!seen && boot->root != last)
			boot_note_init(boot);
		last = boot->root;
	}
	if (boot->unread != NULL)
		*reason = arena_printf(boot->job, "what %s starts was not read", boot->unread);
	else if (programs && !boot->begins)
		*reason = "there are programs and no init: what starts was not read";
	else
		return STATUS_OK;
	return *reason == NULL ? STATUS_LIMIT : STATUS_OK;
}
