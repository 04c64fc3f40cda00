/* What inetd and xinetd serve, when they themselves are started. */
#include <string.h>

#include "base/text.h"
#include "firmware/boot.h"
#include "firmware/reading.h"

#define MAX_LINES 256

/* Services by the names of /etc/services. */
static const struct {
	const char *name, *protocol;
	unsigned short port;
} internet_services[] = {
    {"telnet", "telnet", 23},
    {"ftp", "ftp", 21},
    {"tftp", "tftp", 69},
    {"ssh", "ssh", 22},
    {"http", "http", 80},
    {"www", "http", 80},
    {"https", "https", 443},
    {"shell", "rsh", 514},
    {"login", "rlogin", 513},
    {"exec", "rexec", 512},
    {"finger", "finger", 79},
    {"time", "time", 37},
    {"echo", "echo", 7},
    {"discard", "discard", 9},
    {"daytime", "daytime", 13},
    {"chargen", "chargen", 19},
    {"swat", "http", 901},
    {"pop3", "pop3", 110},
    {"netbios-ssn", "smb", 139},
    {"snmp", "snmp", 161},
    {"ntp", "ntp", 123},
    {"rsync", "rsync", 873},
};

static void
name_service(struct span name, struct boot_service *service)
{
	service->port = span_number(name, 65535);
	for (size_t i = 0; i < ARRAY_SIZE(internet_services); i++)
		if (span_is(name, internet_services[i].name)) {
			service->protocol = internet_services[i].protocol;
			service->port = internet_services[i].port;
		}
}

/* Whether it serves: as surely as the server starts; where none is known, nobody knows. */
static int64_t
served(const struct boot *boot, enum truth server)
{
	if (server != NEVER)
		return boot_enabled(server);
	return boot->known && !boot->open_ended ? 0 : UNKNOWN;
}

/* A shell itself is on the port, whatever the service is called; else its server says what it is.
 */
static void
note_program(struct boot_service *service)
{
	const struct daemon *daemon = boot_daemon(service->name);

	if (boot_is_shell(service->name))
		service->protocol = "shell";
	else if (service->protocol == NULL && daemon != NULL)
		service->protocol = daemon->protocol;
}

static enum status
add_line(struct boot *boot, const struct kept_file *file, struct span line, size_t offset)
{
	struct boot_service service = {
	    .file = file, .node = file->node, .offset = offset, .port = UNKNOWN};
	struct span words[7], name, rest = line;
	size_t count = 0;

	while (count < ARRAY_SIZE(words) && word_next(&rest, &words[count]))
		count++;
	if (count < 6 || (!span_is(words[1], "stream") && !span_is(words[1], "dgram")))
		return STATUS_OK;
	name = count == 7 && span_ends(words[5], "tcpd") ? words[6] : words[5];
	service.name = span_text(boot->job, name);
	service.command = span_text(boot->job, span_trim(line));
	service.user = span_text(boot->job, words[4]);
	if (service.name == NULL || service.command == NULL || service.user == NULL)
		return STATUS_LIMIT;
	service.name = launch_base_name(service.name);
	service.enabled = served(boot, boot->inetd);
	name = words[0];
	if (name.size != 0 && memchr(name.at, ':', name.size) != NULL)
		service.address = span_text(boot->job, field_next(&name, ':'));
	name_service(name, &service);
	note_program(&service);
	return boot_add(boot, &service);
}

enum status
boot_inetd(struct boot *boot)
{
	struct boot_file *file = boot_find(boot, "/etc/inetd.conf");
	struct span rest, line;
	size_t lines = 0;

	if (file == NULL)
		return STATUS_OK;
	boot->started_by = "inetd";
	file->reached = SURELY;
	rest = file->kept->content;
	while (lines < MAX_LINES && line_next(&rest, &line))
		if (line.size != 0 && !span_begins(span_trim(line), "#")) {
			TRY(add_line(
			    boot, file->kept, line, (size_t)(line.at - file->kept->content.at)));
			lines++;
		}
	return STATUS_OK;
}

/* One "service NAME { … }" of xinetd.conf(5). */
struct entry {
	struct boot_service service;
	struct span name, server, arguments, user, bind, port;
	bool disabled;
};

static void
read_attribute(struct entry *entry, struct span line)
{
	struct span value = line, key = span_trim(field_next(&value, '='));

	if (key.size != 0 && (key.at[key.size - 1] == '+' || key.at[key.size - 1] == '-'))
		key = span_trim(span_part(key, 0, key.size - 1));
	value = span_trim(value);
	if (span_is(key, "disable"))
		entry->disabled = span_is_word(value, "yes");
	else if (span_is(key, "server"))
		entry->server = value;
	else if (span_is(key, "server_args"))
		entry->arguments = value;
	else if (span_is(key, "user"))
		entry->user = value;
	else if (span_is(key, "bind") || span_is(key, "interface"))
		entry->bind = value;
	else if (span_is(key, "port"))
		entry->port = value;
}

static enum status
add_entry(struct boot *boot, struct entry *entry)
{
	struct boot_service *service = &entry->service;
	struct text command = text_new(boot->job);

	name_service(entry->name, service);
	if (entry->port.size != 0)
		service->port = span_number(entry->port, 65535);
	text_put_bytes(&command, entry->server.at, entry->server.size);
	if (entry->arguments.size != 0) {
		text_put(&command, " ");
		text_put_bytes(&command, entry->arguments.at, entry->arguments.size);
	}
	TRY(text_finish(&command, &service->command));
	service->command = boot_text(boot, service->command, strlen(service->command), 1024);
	service->name = span_text(boot->job, entry->server.size == 0 ? entry->name : entry->server);
	if (service->command == NULL || service->name == NULL)
		return STATUS_LIMIT;
	service->name = launch_base_name(service->name);
	service->user = entry->user.size == 0 ? NULL : span_text(boot->job, entry->user);
	service->address = entry->bind.size == 0 ? NULL : span_text(boot->job, entry->bind);
	service->enabled = entry->disabled ? 0 : served(boot, boot->xinetd);
	note_program(service);
	return boot_add(boot, service);
}

static enum status
read_xinetd(struct boot *boot, const struct kept_file *file)
{
	struct span rest = file->content, line, word;
	struct entry entry;
	bool within = false;
	size_t entries = 0;

	while (entries < MAX_LINES && line_next(&rest, &line)) {
		struct span words = line;

		if (!word_next(&words, &word) || word.at[0] == '#')
			continue;
		if (span_is(word, "service")) {
			entry = (struct entry){.service = {.file = file,
						   .node = file->node,
						   .offset = (size_t)(line.at - file->content.at)}};
			(void)word_next(&words, &entry.name);
			within = entry.name.size != 0;
		} else if (span_is(word, "}") && within) {
			TRY(add_entry(boot, &entry));
			within = false;
			entries++;
		} else if (within)
			read_attribute(&entry, line);
	}
	return STATUS_OK;
}

enum status
boot_xinetd(struct boot *boot)
{
	boot->started_by = "xinetd";
	for (size_t i = 0; i < boot->file_count; i++) {
		struct boot_file *file = &boot->files[i];

		if (file->root != boot->root ||
		    (strstr(file->kept->node->local, "/xinetd.d/") == NULL &&
			strcmp(file->kept->node->name, "xinetd.conf") != 0))
			continue;
		file->reached = SURELY;
		TRY(read_xinetd(boot, file->kept));
	}
	return STATUS_OK;
}
