/* What an image starts at boot stands in plain text: inittab, rc scripts, units, inetd.conf. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"
#include "firmware/shell.h"

#define MAX_FACTS 256 /* services of one file */
#define MAX_COMMANDS 64
#define MAX_NODES ((size_t)1 << 20)

/* A program that serves, and how its command line says where. */
struct daemon {
	const char *name, *protocol;
	unsigned short port;
	char port_option, address_option;
};

static const struct daemon daemons[] = {
#define DAEMON(name, protocol, port, port_option, address_option)                                  \
	{name, protocol, port, port_option, address_option},
#include "firmware/collectors/boot_services.def"
#undef DAEMON
};

/* Services of inetd.conf by the names of /etc/services. */
static const struct daemon internet_services[] = {
    {"telnet", "telnet", 23, 0, 0},
    {"ftp", "ftp", 21, 0, 0},
    {"tftp", "tftp", 69, 0, 0},
    {"ssh", "ssh", 22, 0, 0},
    {"http", "http", 80, 0, 0},
    {"www", "http", 80, 0, 0},
    {"shell", "rsh", 514, 0, 0},
    {"login", "rlogin", 513, 0, 0},
    {"exec", "rexec", 512, 0, 0},
    {"finger", "finger", 79, 0, 0},
    {"time", "time", 37, 0, 0},
    {"echo", "echo", 7, 0, 0},
    {"discard", "discard", 9, 0, 0},
    {"daytime", "daytime", 13, 0, 0},
    {"chargen", "chargen", 19, 0, 0},
    {"swat", "http", 901, 0, 0},
    {"pop3", "pop3", 110, 0, 0},
    {"netbios-ssn", "smb", 139, 0, 0},
    {"snmp", "snmp", 161, 0, 0},
};

struct reading {
	struct job *job;
	const struct node *node;
	struct evidence *evidence;
	const char *started_by;
	size_t count;
	const char *commands[MAX_COMMANDS]; /* already told */
	size_t command_count;
};

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static const struct daemon *
daemon_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(daemons); i++)
		if (strcmp(daemons[i].name, name) == 0)
			return &daemons[i];
	return NULL;
}

static bool
is_in(const struct node *node, const char *folder)
{
	return strstr(node->local, folder) != NULL;
}

static bool
is_unit(const struct node *node)
{
	return is_in(node, "systemd/") &&
	       (text_ends_with(node->name, ".service") || text_ends_with(node->name, ".socket"));
}

/* "S50name": what init runs by itself. */
static bool
is_start_name(const char *name)
{
	return name[0] == 'S' && name[1] >= '0' && name[1] <= '9' && name[2] >= '0' &&
	       name[2] <= '9' && name[3] != '\0';
}

static bool
is_boot_script(const struct node *node)
{
	return strcmp(node->name, "rcS") == 0 || strcmp(node->name, "rc.local") == 0 ||
	       strcmp(node->name, "rc") == 0 || strcmp(node->name, "rc.sysinit") == 0 ||
	       (is_start_name(node->name) && (is_in(node, "/init.d/") || is_in(node, "/rc")));
}

static bool
is_script(const struct node *node, struct span head)
{
	return is_boot_script(node) || is_in(node, "/init.d/") || is_in(node, "/rc.d/") ||
	       text_ends_with(node->name, ".sh") ||
	       (is_in(node, "/etc/") && span_begins(head, "#!"));
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE || !span_looks_like_text(head))
		return false;
	return strcmp(node->name, "inittab") == 0 || strcmp(node->name, "inetd.conf") == 0 ||
	       is_unit(node) || is_script(node, head);
}

/* Index of the program in a command, behind what merely starts it; word_count when there is none.
 */
static size_t
find_program(const struct shell_command *command)
{
	static const char *const starters[] = {"exec", "nohup", "setsid", "sudo", "time", "command",
	    "busybox", "service_start", "procd_set_param", "nice", "daemon", "start_daemon",
	    "eval"};
	size_t at = 0;

	for (; at < command->word_count; at++) {
		const char *name = base_name(command->words[at]);
		bool starter =
		    at > 0 && command->words[at][0] == '-'; /* the starter's own option */

		for (size_t i = 0; i < ARRAY_SIZE(starters) && !starter; i++)
			starter = strcmp(name, starters[i]) == 0;
		if (!starter)
			break;
	}
	return at;
}

/* start-stop-daemon -S -x PROGRAM -- ARGUMENTS: the program's index; 0 when it stops, or names
 * none. */
static size_t
find_started(const struct shell_command *command)
{
	size_t program = 0;

	for (size_t i = 1; i < command->word_count && strcmp(command->words[i], "--") != 0; i++) {
		const char *word = command->words[i];

		if (strcmp(word, "-K") == 0 || strcmp(word, "--stop") == 0)
			return 0;
		if ((strcmp(word, "--exec") == 0 || strcmp(word, "--startas") == 0 ||
			strcmp(word, "-x") == 0 || strcmp(word, "-a") == 0 ||
			strcmp(word, "-Sx") == 0 || strcmp(word, "-Sbx") == 0) &&
		    i + 1 < command->word_count)
			program = i + 1;
	}
	return program;
}

static enum status
join_words(struct reading *reading, const struct shell_command *command, const char **joined)
{
	struct text text = text_new(reading->job);
	const char *plain;

	for (size_t i = 0; i < command->word_count; i++) {
		text_put(&text, i == 0 ? "" : " ");
		text_put(&text, command->words[i]);
	}
	if (command->cut)
		text_put(&text, " …");
	TRY(text_finish(&text, &plain));
	*joined = text_from_bytes(reading->job, plain, strlen(plain), 1024);
	return *joined == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* "23", "192.168.1.1:23", "[::1]:23" */
static enum status
read_address(struct reading *reading, const char *value, struct boot_service_fact *service)
{
	const char *colon = strrchr(value, ':');
	const char *port = colon == NULL ? value : colon + 1;

	service->listen_port = span_number(span_of_string(port), 65535);
	if (colon == NULL || colon == value)
		return STATUS_OK;
	service->listen_address =
	    text_from_bytes(reading->job, value, (size_t)(colon - value), 128);
	return service->listen_address == NULL ? STATUS_LIMIT : STATUS_OK;
}

/* The value of option `-c`, attached or in the next word, at or after *at; NULL when there is none.
 */
static const char *
option_value(const struct shell_command *command, char option, size_t *at)
{
	for (; option != 0 && *at < command->word_count; (*at)++) {
		const char *word = command->words[*at];

		if (word[0] != '-' || word[1] != option)
			continue;
		if (word[2] != '\0')
			return word + 2;
		return *at + 1 < command->word_count ? command->words[*at + 1] : "";
	}
	return NULL;
}

static enum status
add(struct reading *reading, struct fact *fact)
{
	fact->as.boot_service.started_by = reading->started_by;
	if (reading->count++ >= MAX_FACTS)
		return STATUS_OK;
	return evidence_add(reading->evidence, reading->job, fact);
}

/* Every word is known: an option may hide in "$OPTIONS". */
static bool
is_whole(const struct shell_command *command)
{
	for (size_t i = 1; i < command->word_count; i++)
		if (command->words[i][0] == '$')
			return false;
	return !command->cut;
}

/* One fact for each port the command line names; one for its default port otherwise. */
static enum status
add_ports(struct reading *reading, struct fact *fact, const struct daemon *daemon,
    const struct shell_command *command, size_t program)
{
	struct boot_service_fact *service = &fact->as.boot_service;
	size_t at = program + 1, other = program + 1;
	const char *value;

	value = daemon == NULL ? NULL : option_value(command, daemon->address_option, &other);
	if (value != NULL)
		service->listen_address = text_from_bytes(reading->job, value, strlen(value), 128);
	if (daemon != NULL && daemon->port != 0 && is_whole(command) &&
	    strstr(command->words[program], "/init.d/") == NULL)
		service->listen_port = daemon->port;
	value = daemon == NULL ? NULL : option_value(command, daemon->port_option, &at);
	if (value == NULL)
		return add(reading, fact);
	for (int ports = 0; ports < 8 && value != NULL; ports++) {
		TRY(read_address(reading, value, service));
		TRY(add(reading, fact));
		at++;
		value = option_value(command, daemon->port_option, &at);
	}
	return STATUS_OK;
}

static bool
has_word(const struct shell_command *command, const char *word)
{
	for (size_t i = 1; i < command->word_count; i++)
		if (strcmp(command->words[i], word) == 0)
			return true;
	return false;
}

/* "/etc/init.d/x stop" and "nginx -t" start nothing. */
static bool
is_no_start(const struct shell_command *command, size_t program)
{
	if (strstr(command->words[program], "/init.d/") != NULL)
		return !has_word(command, "start") && !has_word(command, "restart");
	return has_word(command, "-t") || has_word(command, "-tt");
}

/* A script often starts the same thing in several branches. */
static bool
is_told(struct reading *reading, const char *command)
{
	for (size_t i = 0; i < reading->command_count; i++)
		if (strcmp(reading->commands[i], command) == 0)
			return true;
	if (reading->command_count < MAX_COMMANDS)
		reading->commands[reading->command_count++] = command;
	return false;
}

/* Adds the command when it starts something known, or whatever it is when `any`. */
static enum status
add_command(struct reading *reading, const struct shell_command *command, size_t offset, bool any,
    int64_t enabled, const char *user)
{
	struct fact fact = fact_in(FACT_boot_service, reading->node, offset);
	struct boot_service_fact *service = &fact.as.boot_service;
	const struct daemon *daemon;
	size_t program = find_program(command);
	const char *name;

	if (program < command->word_count &&
	    strcmp(base_name(command->words[program]), "start-stop-daemon") == 0)
		program = find_started(command) == 0 ? command->word_count : find_started(command);
	if (program >= command->word_count)
		return STATUS_OK;
	name = base_name(command->words[program]);
	if (strcmp(name, "tcpsvd") == 0 ||
	    strcmp(name, "udpsvd") == 0) { /* tcpsvd [-v] address port program */
		while (program + 1 < command->word_count && command->words[program + 1][0] == '-')
			program++;
		if (program + 3 >= command->word_count)
			return STATUS_OK;
		name = base_name(command->words[program + 3]);
		daemon = daemon_named(name);
		service->listen_address = text_from_bytes(reading->job, command->words[program + 1],
		    strlen(command->words[program + 1]), 128);
		service->listen_port =
		    span_number(span_of_string(command->words[program + 2]), 65535);
	} else
		daemon = daemon_named(name);
	if (!any && (daemon == NULL || is_no_start(command, program)))
		return STATUS_OK;
	service->name = text_from_bytes(reading->job, name, strlen(name), 128);
	service->protocol = daemon == NULL ? NULL : daemon->protocol;
	service->user = user;
	service->enabled = enabled;
	if (service->name == NULL)
		return STATUS_LIMIT;
	TRY(join_words(reading, command, &service->command));
	if (is_told(reading, service->command))
		return STATUS_OK;
	return service->listen_address != NULL
		   ? add(reading, &fact)
		   : add_ports(reading, &fact, daemon, command, program);
}

/* BusyBox and System V alike: id:runlevels:action:process. */
static enum status
read_inittab(struct reading *reading, struct span content)
{
	struct span rest = content, line;

	reading->started_by = "inittab";
	while (reading->count < MAX_FACTS && line_next(&rest, &line)) {
		size_t offset = (size_t)(line.at - content.at);
		struct shell_command command;
		struct span action;
		bool stays;

		if (span_begins(line, "#"))
			continue;
		field_next(&line, ':');
		field_next(&line, ':');
		action = field_next(&line, ':');
		stays = span_is(action, "respawn") || span_is(action, "askfirst") ||
			span_is(action, "once") || span_is(action, "respawnlate") ||
			span_is(action, "askconsole");
		if (!stays && !span_is(action, "wait") && !span_is(action, "sysinit") &&
		    !span_is(action, "boot") && !span_is(action, "bootwait"))
			continue;
		line = span_trim(line);
		while (span_begins(line, "-") || span_begins(line, "+"))
			line = span_from(line, 1);
		shell_split(line, &command);
		TRY(add_command(reading, &command, offset, stays, 1, NULL));
	}
	return STATUS_OK;
}

static enum status
read_script(struct reading *reading, struct span content)
{
	struct shell shell = shell_new(content);
	struct shell_command command;
	bool at_boot = is_boot_script(reading->node),
	     by_number = is_start_name(reading->node->name);

	reading->started_by = "rc script";
	while (reading->count < MAX_FACTS && shell_next(&shell, &command)) {
		/* a command within a condition may or may not run; a numbered script always gets
		 * "start" */
		bool enabled = at_boot && (by_number || shell.depth == 0);

		TRY(add_command(
		    reading, &command, command.offset, false, enabled ? 1 : UNKNOWN, NULL));
	}
	return STATUS_OK;
}

static enum status
add_internet_service(struct reading *reading, struct span line, size_t offset)
{
	struct fact fact = fact_in(FACT_boot_service, reading->node, offset);
	struct boot_service_fact *service = &fact.as.boot_service;
	struct span words[7], name, rest = line;
	size_t count = 0;

	while (count < ARRAY_SIZE(words) && word_next(&rest, &words[count]))
		count++;
	if (count < 6 || (!span_is(words[1], "stream") && !span_is(words[1], "dgram")))
		return STATUS_OK;
	name = count == 7 && span_ends(words[5], "tcpd") ? words[6] : words[5];
	service->name = span_text(reading->job, name);
	service->command = span_text(reading->job, span_trim(line));
	service->user = span_text(reading->job, words[4]);
	if (service->name == NULL || service->command == NULL || service->user == NULL)
		return STATUS_LIMIT;
	service->name = base_name(service->name);
	name = words[0];
	if (name.size != 0 && memchr(name.at, ':', name.size) != NULL)
		service->listen_address = span_text(reading->job, field_next(&name, ':'));
	service->listen_port = span_number(name, 65535);
	for (size_t i = 0; i < ARRAY_SIZE(internet_services); i++)
		if (span_is(name, internet_services[i].name)) {
			service->protocol = internet_services[i].protocol;
			service->listen_port = internet_services[i].port;
		}
	return add(reading, &fact);
}

/* What inetd would serve; whether inetd itself is started stands elsewhere. */
static enum status
read_inetd(struct reading *reading, struct span content)
{
	struct span rest = content, line;

	reading->started_by = "inetd";
	while (reading->count < MAX_FACTS && line_next(&rest, &line))
		if (!span_begins(span_trim(line), "#"))
			TRY(add_internet_service(reading, line, (size_t)(line.at - content.at)));
	return STATUS_OK;
}

static enum status
add_socket(struct reading *reading, struct span value, size_t offset)
{
	struct fact fact = fact_in(FACT_boot_service, reading->node, offset);
	const char *address = span_text(reading->job, value);

	if (address == NULL)
		return STATUS_LIMIT;
	if (span_begins(value, "/") || span_begins(value, "@") || span_begins(value, "%"))
		return STATUS_OK; /* a local socket */
	fact.as.boot_service.name = reading->node->name;
	TRY(read_address(reading, address, &fact.as.boot_service));
	return add(reading, &fact);
}

/* systemd.service(5), systemd.socket(5) */
static enum status
read_unit(struct reading *reading, struct span content)
{
	struct span rest = content, line, start = {0}, user = {0};
	bool own = is_in(reading->node, "/etc/systemd/system");
	struct shell_command command;
	const char *name = NULL;

	reading->started_by = "systemd unit";
	while (reading->count < MAX_FACTS && line_next(&rest, &line)) {
		struct span value = span_trim(line), key;

		if (span_begins(value, "#") || span_begins(value, ";"))
			continue;
		key = span_trim(field_next(&value, '='));
		value = span_trim(value);
		if (span_is(key, "ExecStart") && start.size == 0)
			start = value;
		else if (span_is(key, "User"))
			user = value;
		else if (span_is(key, "ListenStream") || span_is(key, "ListenDatagram"))
			TRY(add_socket(reading, value, (size_t)(line.at - content.at)));
	}
	if (start.size == 0)
		return STATUS_OK;
	if (user.size != 0 && (name = span_text(reading->job, user)) == NULL)
		return STATUS_LIMIT;
	rest = start;
	while (rest.size != 0 && strchr("-@+!:", rest.at[0]) != NULL && rest.at[0] != 0)
		rest = span_from(rest, 1);
	shell_split(rest, &command);
	return add_command(reading, &command, (size_t)(start.at - content.at), own, UNKNOWN, name);
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct node *node = offer->node;
	struct span content = offer->content;
	struct reading reading = {.job = job, .node = node, .evidence = evidence};

	(void)collection;
	if (strcmp(node->name, "inittab") == 0)
		return read_inittab(&reading, content);
	if (strcmp(node->name, "inetd.conf") == 0)
		return read_inetd(&reading, content);
	return is_unit(node) ? read_unit(&reading, content) : read_script(&reading, content);
}

/* "telnet" of S50telnet is telnetd's script. */
static const char *
protocol_of(const char *name)
{
	char longer[64];
	const struct daemon *daemon = daemon_named(name);

	if (daemon == NULL && strlen(name) + 2 < sizeof longer) {
		snprintf(longer, sizeof longer, "%sd", name);
		daemon = daemon_named(longer);
	}
	return daemon == NULL ? NULL : daemon->protocol;
}

/* A link in rcN.d or *.wants: the service behind it is started without being asked. */
static enum status
add_link(struct job *job, const struct node *node, struct evidence *evidence)
{
	struct fact fact = fact_in(FACT_boot_service, node, 0);
	const char *folder = node->parent == NULL ? "" : node->parent->name;
	bool wanted = text_ends_with(folder, ".wants");
	const char *name = node->name;

	fact.offset = UNKNOWN;
	if (wanted && text_ends_with(name, ".service"))
		name = arena_string(job, name, strlen(name) - strlen(".service"));
	else if (node->type == NODE_LINK && is_start_name(name) && text_starts_with(folder, "rc") &&
		 text_ends_with(folder, ".d"))
		name += 3;
	else
		return STATUS_OK;
	if (name == NULL)
		return STATUS_LIMIT;
	fact.as.boot_service.name = name;
	fact.as.boot_service.protocol = protocol_of(name);
	fact.as.boot_service.started_by = wanted ? "systemd unit" : "rc script";
	fact.as.boot_service.enabled = 1;
	return evidence_add(evidence, job, &fact);
}

static enum status
conclude(struct job *job, const struct collection *collection, struct evidence *evidence)
{
	const struct node *node = collection->tree == NULL ? NULL : collection->tree->root;

	for (size_t steps = 0; node != NULL && steps < MAX_NODES; steps++, node = node_after(node))
		if (node->type == NODE_LINK || node->type == NODE_FILE)
			TRY(add_link(job, node, evidence));
	return STATUS_OK;
}

static const enum fact_kind looks_for[] = {FACT_boot_service};

const struct collector collector_boot_services = {
    .name = "boot_services",
    .title = "what the image starts at boot: inittab, rc scripts, systemd units, inetd.conf",
    .source = "inittab(5), BusyBox init, systemd.service(5), inetd.conf(5), POSIX shell",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .wants = wants,
    .collect = collect,
    .conclude = conclude,
};
