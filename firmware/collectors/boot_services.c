/* What an image starts at boot is only understood together: scripts name scripts, links enable
 * units. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/boot.h"
#include "firmware/elf_file.h"
#include "firmware/excerpt.h"
#include "firmware/reading.h"

#define LARGEST_PART ((uint64_t)32 << 10)
#define NAME "boot_services" /* whose files are kept */

static bool
is_in(const struct node *node, const char *folder)
{
	return strstr(node->local, folder) != NULL;
}

/* "#!/bin/sh", "#!/usr/bin/env bash": what a shell runs, and no other interpreter. */
static bool
is_shell_script(struct span head)
{
	struct span line;

	if (!span_begins(head, "#!") || !line_next(&head, &line))
		return false;
	line = span_trim(line);
	for (size_t i = 0; i + 1 < line.size; i++)
		if (line.at[i] == 's' && line.at[i + 1] == 'h' &&
		    (i + 2 == line.size || line.at[i + 2] == ' '))
			return true;
	return false;
}

static bool
is_script(const struct node *node, struct span head)
{
	return is_in(node, "/init.d/") || is_in(node, "/rc.d/") || is_in(node, "/crontabs/") ||
	       is_in(node, "/cron.d/") || is_in(node, "/xinetd.d/") ||
	       text_ends_with(node->name, ".sh") || strcmp(node->name, "profile") == 0 ||
	       strcmp(node->name, "crontab") == 0 || strcmp(node->name, "rcS") == 0 ||
	       text_starts_with(node->name, "rc.") || is_shell_script(head) ||
	       /* what scripts read in need not say that it is one */
	       is_in(node, "/lib/lsb/") || is_in(node, "/lib/init/") ||
	       is_in(node, "/etc/sysconfig/") ||
	       (is_in(node, "/etc/") && strchr(node->name, '.') == NULL &&
		   node->bytes <= LARGEST_PART);
}

static bool
is_program(struct span head)
{
	return span_begins(head, ELF_FILE_MAGIC);
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE || is_in(node, "/usr/share/") || is_in(node, "/systemd/user/"))
		return false;
	if (is_program(head))
		return true;
	if (!span_looks_like_text(head))
		return false;
	return strcmp(node->name, "inittab") == 0 || strcmp(node->name, "inetd.conf") == 0 ||
	       boot_is_unit(node) || boot_is_hotplug(node) || boot_is_supervisor(node) ||
	       is_script(node, head) || boot_is_configuration(node) ||
	       (text_starts_with(node->name, "init") && text_ends_with(node->name, ".rc"));
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	(void)evidence;
	if (collection->kept == NULL)
		return STATUS_OK;
	if (is_program(offer->content))
		return boot_keep_program(job, collection, offer);
	if (!span_looks_like_text(offer->content))
		return STATUS_OK;
	return kept_add(job, collection->kept, NAME, offer->node, offer->content);
}

static enum status
tell(struct job *job, const struct boot_service *service, struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_boot_service, service->node, service->offset);
	struct boot_service_fact *told = &fact.as.boot_service;

	fact.offset = service->file == NULL ? UNKNOWN : (int64_t)service->offset;
	told->name = service->name;
	told->command = service->command;
	told->user = service->user;
	told->listen_address = service->address;
	told->listen_port = service->port;
	told->protocol = service->protocol;
	told->started_by = service->started_by;
	told->enabled = service->enabled;
	if (service->file != NULL) {
		fact.excerpt =
		    excerpt_make(job, service->file->content, service->offset, (struct span){0});
		if (fact.excerpt == NULL)
			return STATUS_LIMIT;
		if (fact.excerpt[0] == '\0')
			fact.excerpt = NULL;
	}
	return evidence_add(evidence, job, &fact);
}

static enum status
conclude(struct job *job, const struct collection *collection, struct evidence *evidence)
{
	struct boot *boot = arena_allocate(job, sizeof *boot);
	const char *reason;
	enum status status;

	if (collection->kept == NULL || collection->tree == NULL)
		return STATUS_OK;
	if (boot == NULL)
		return STATUS_LIMIT;
	boot->job = job;
	status = boot_read(boot, collection, NAME);
	/* what was found is told even where not everything could be followed */
	for (size_t i = 0; i < boot->service_count; i++)
		TRY(tell(job, &boot->services[i], evidence));
	TRY(status);
	TRY(boot_unread(boot, &reason));
	return reason == NULL
		   ? STATUS_OK
		   : evidence_looked(evidence, job, FACT_boot_service, false, reason, UNKNOWN);
}

/* What an init names that runs scripts from a table: BusyBox, System V's, OpenWrt's, Android's. */
static const struct pattern seeks[] = {
    {.expression = "/etc/inittab", .length = 12},
    {.expression = "/etc/init\\.d/rcS", .length = 15},
    {.expression = "/sbin/procd", .length = 11},
    {.expression = "/system/etc/init", .length = 16},
    {.expression = "/init\\.rc", .length = 8},
};

static const enum fact_kind looks_for[] = {FACT_boot_service};

const struct collector collector_boot_services = {
    .name = "boot_services",
    .title = "what the image starts at boot: inittab, rc scripts, procd, systemd units, inetd, "
	     "xinetd, cron, runit, supervisord, udev, mdev, Android init",
    .source = "inittab(5), BusyBox init, POSIX shell, OpenWrt procd and UCI, systemd.unit(5), "
	      "systemd.service(5), systemd.preset(5), inetd.conf(5), xinetd.conf(5), crontab(5), "
	      "supervisord documentation, udev(7), BusyBox mdev",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
    .conclude = conclude,
};
