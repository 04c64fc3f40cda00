/* From a command line to what serves: its name, where it listens, as whom it runs. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/boot.h"
#include "firmware/excerpt.h"
#include "firmware/reading.h"

static const struct daemon daemons[] = {
#define DAEMON(name, protocol, port, port_option, address_option)                                  \
	{name, protocol, port, port_option, address_option, false},
#define LOWERS(name, protocol, port, port_option, address_option)                                  \
	{name, protocol, port, port_option, address_option, true},
#include "firmware/boot_daemons.def"
#undef DAEMON
#undef LOWERS
};

const struct daemon *
boot_daemon(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(daemons); i++)
		if (strcmp(daemons[i].name, name) == 0)
			return &daemons[i];
	return NULL;
}

/* "telnet" of S50telnet is telnetd's script. */
const char *
boot_protocol(const char *name)
{
	char longer[64];
	const struct daemon *daemon = boot_daemon(name);

	if (daemon == NULL && strlen(name) + 2 < sizeof longer) {
		snprintf(longer, sizeof longer, "%sd", name);
		daemon = boot_daemon(longer);
	}
	return daemon == NULL ? NULL : daemon->protocol;
}

const char *
boot_text(struct boot *boot, const char *string, size_t size, size_t limit)
{
	return text_from_bytes(boot->job, string, size, limit);
}

static enum status
join_words(struct boot *boot, const struct shell_command *command, const char **joined)
{
	struct text text = text_new(boot->job);
	const char *plain;

	for (size_t i = 0; i < command->word_count; i++) {
		text_put(&text, i == 0 ? "" : " ");
		text_put(&text, command->words[i]);
	}
	if (command->cut)
		text_put(&text, " …");
	TRY(text_finish(&text, &plain));
	*joined = excerpt_value(boot->job, span_of_string(plain));
	return *joined == NULL ? STATUS_LIMIT : STATUS_OK;
}

enum status
boot_read_address(struct boot *boot, const char *value, struct boot_service *service)
{
	const char *colon = strrchr(value, ':');
	const char *port = colon == NULL ? value : colon + 1;

	service->port = span_number(span_of_string(port), 65535);
	if (colon == NULL || colon == value || strpbrk(value, "$`") != NULL)
		return STATUS_OK;
	service->address = boot_text(boot, value, (size_t)(colon - value), 128);
	return service->address == NULL ? STATUS_LIMIT : STATUS_OK;
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

/* Every word is known: an option may hide in "$OPTIONS". */
static bool
is_whole(const struct shell_command *command)
{
	for (size_t i = 1; i < command->word_count; i++)
		if (strpbrk(command->words[i], "$`") != NULL)
			return false;
	return !command->cut;
}

/* What surely starts wins over what perhaps does, and that over what does not. */
static int
rank(int64_t enabled)
{
	return enabled == 1 ? 2 : enabled == 0 ? 0 : 1;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

enum status
boot_add(struct boot *boot, const struct boot_service *service)
{
	for (size_t i = 0; i < boot->service_count; i++) {
		struct boot_service *old = &boot->services[i];

		if (old->root != boot->root || old->node != service->node ||
		    old->port != service->port || !same(old->command, service->command) ||
		    !same(old->name, service->name) || !same(old->address, service->address))
			continue;
		if (rank(service->enabled) > rank(old->enabled))
			old->enabled = service->enabled;
		return STATUS_OK;
	}
	if (boot->service_count == BOOT_MAX_SERVICES)
		return fail(
		    boot->job, STATUS_LIMIT, "limit: more than %d services", BOOT_MAX_SERVICES);
	boot->services[boot->service_count] = *service;
	boot->services[boot->service_count].root = boot->root;
	boot->services[boot->service_count++].started_by =
	    service->started_by == NULL ? boot->started_by : service->started_by;
	return STATUS_OK;
}

/* One for each port the command line names; one for its default port otherwise. */
static enum status
add_ports(struct boot *boot, struct boot_service *service, const struct daemon *daemon,
    const struct shell_command *command, size_t arguments)
{
	size_t at = arguments, other = arguments;
	const char *value, *address = NULL;

	value = option_value(command, daemon->address_option, &other);
	if (value != NULL && strpbrk(value, "$`") == NULL)
		address = boot_text(boot, value, strlen(value), 128);
	service->address = address;
	value = option_value(command, daemon->port_option, &at);
	service->any_port = value == NULL;
	if (daemon->port != 0 && is_whole(command))
		service->port = daemon->port;
	if (value == NULL)
		return boot_add(boot, service);
	for (int ports = 0; ports < 8 && value != NULL; ports++) {
		service->address = address;
		TRY(boot_read_address(boot, value, service));
		TRY(boot_add(boot, service));
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

/* Tools that end by themselves, or that nobody would call a service, though they go on in the
 * background. */
static bool
is_tool(const char *name)
{
	static const char *const names[] = {"sleep", "echo", "mdev", "insmod", "modprobe", "mount",
	    "umount", "cat", "rm", "cp", "mv", "ln", "mkdir", "mknod", "chmod", "chown", "touch",
	    "ifconfig", "route", "ip", "kill", "killall", "pidof", "ps", "grep", "sed", "awk",
	    "cut", "head", "tail", "ls", "wc", "test", "[", "[[", "]", "]]", "expr", "printf",
	    "logger", "sync", "sysctl", "hwclock", "date", "depmod", "swapon", "fsck", "e2fsck",
	    "resize2fs", "iptables", "ip6tables", "ebtables", "brctl", "vconfig", "iwconfig", "iw",
	    "wl", "hostname", "udevadm", "udevtrigger", "udevsettle", "ldconfig", "chroot", "true",
	    "false", "wait", "dd", "mtd", "nandwrite", "flash_eraseall", "reboot", "poweroff",
	    "halt", "tar", "gzip", "gunzip", "unzip", "md5sum", "sha256sum", "wget", "curl",
	    "ntpdate", "ntpclient", "rdate", "tee", "stty", "setterm", "clear", "cd", "rmmod",
	    "lsmod", "uci", "nvram", "fw_setenv", "fw_printenv", "log_daemon_msg", "log_end_msg",
	    "log_progress_msg", "log_success_msg", "log_failure_msg", "log_warning_msg",
	    "log_action_msg", "log_begin_msg", "status_of_proc", "killproc", "pidofproc", "ifup",
	    "ifdown", "wifi", "ubus", "ssh-keygen", "dropbearkey", "openssl", "install", "find",
	    "xargs", "sort", "uniq", "tr", "mktemp", "readlink", "basename", "dirname", "trap",
	    "ulimit", "kill_daemon", "lock", "run-parts", "alias"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* "/etc/init.d/x start" of a script that is not there; "nginx -t" starts nothing, nor does "-?". */
static bool
is_no_start(const struct shell_command *command, size_t program)
{
	static const char *const testing[] = {"nginx", "lighttpd", "sshd", "apache2"};
	static const char *const tests[] = {"-t", "-tt", "-T", "-v", "-V"};

	if (has_word(command, "-?") || has_word(command, "--help") ||
	    has_word(command, "--version") || strstr(command->words[program], "/cron.") != NULL)
		return true;
	if (strstr(command->words[program], "/init.d/") != NULL)
		return !has_word(command, "start") && !has_word(command, "restart");
	for (size_t i = 0; i < ARRAY_SIZE(testing); i++)
		if (strcmp(launch_base_name(command->words[program]), testing[i]) == 0)
			for (size_t n = 0; n < ARRAY_SIZE(tests); n++)
				if (has_word(command, tests[n]))
					return true;
	return false;
}

/* The script is called like the program: "S99chilli" runs chilli. */
static bool
is_namesake(const struct kept_file *file, const char *name)
{
	const char *own = file->node->name;
	size_t size = strcspn(own, ".");

	if (strstr(file->node->local, "/init.d/") == NULL)
		return false;
	if (boot_is_start_name(own)) {
		own += 3;
		size = strcspn(own, ".");
	}
	return size != 0 && strncmp(own, name, size) == 0 &&
	       (name[size] == '\0' || strcmp(name + size, "d") == 0);
}

/* Is it a service at all? */
static bool
serves(const struct shell_command *command, const struct boot_start *start,
    const struct launch *launch, const struct daemon *daemon, const char *name)
{
	bool background = command->ended_by != NULL && strcmp(command->ended_by, "&") == 0;

	if (start->any)
		return true;
	if (daemon != NULL)
		return !is_no_start(command, launch->program);
	if (strpbrk(name, "$`*>|<") != NULL || name[0] == '\0' || name[0] == '-' || is_tool(name) ||
	    strchr(name, '=') != NULL || strchr(name, '~') != NULL)
		return false;
	if (boot_is_shell(name))
		return false;
	return background || launch->starts ||
	       (start->enabled != 0 && is_namesake(start->file, name));
}

/* "snmpd -u USER", "atftpd --user=USER": whom the server itself becomes; NULL. */
static const char *
own_user(const struct shell_command *command, size_t from, const char *name)
{
	static const char *const servers[] = {"snmpd", "httpd", "thttpd", "mini_httpd", "dnsmasq",
	    "ntpd", "named", "chronyd", "in.tftpd", "minidlnad", "wsdd"};
	const char *user = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(servers) && user == NULL; i++) {
		size_t at = from;

		if (strcmp(name, servers[i]) == 0)
			user = option_value(command, 'u', &at);
	}
	for (size_t i = from; i < command->word_count && user == NULL; i++)
		if (strncmp(command->words[i], "--user=", 7) == 0)
			user = command->words[i] + 7;
		else if (strcmp(command->words[i], "--user") == 0 && i + 1 < command->word_count)
			user = command->words[i + 1];
	return user == NULL || user[0] == '\0' || strpbrk(user, "$`") != NULL ? NULL : user;
}

/* Servers that serve what others configure. */
static void
note_server(struct boot *boot, const char *name, int64_t enabled)
{
	enum truth truth = enabled == 1 ? SURELY : enabled == 0 ? NEVER : MAYBE;

	if (strcmp(name, "inetd") == 0 && boot->inetd < truth)
		boot->inetd = truth;
	else if (strcmp(name, "xinetd") == 0 && boot->xinetd < truth)
		boot->xinetd = truth;
	else if (strcmp(name, "supervisord") == 0 && boot->supervisor < truth)
		boot->supervisor = truth;
	else if ((strcmp(name, "crond") == 0 || strcmp(name, "cron") == 0) && boot->cron < truth)
		boot->cron = truth;
}

enum status
boot_add_command(
    struct boot *boot, const struct shell_command *command, const struct boot_start *start)
{
	struct launch launch = launch_read(command);
	struct boot_service service = {.file = start->file,
	    .offset = start->offset,
	    .port = UNKNOWN,
	    .enabled = start->enabled};
	const struct daemon *daemon;
	const char *name;
	bool relays;

	if (launch.program >= command->word_count || launch.stops)
		return STATUS_OK;
	service.node = start->file->node;
	name = launch_base_name(command->words[launch.program]);
	relays = boot_relay(boot, command, &launch, &service, &name);
	if (start->any && !relays && boot_is_shell(name) && !has_word(command, "-c"))
		service.protocol = "console";
	daemon = boot_daemon(name);
	if (!relays && daemon == NULL && !is_tool(name)) {
		const char *real = boot_real_name(boot, command->words[launch.program]);

		daemon = real == NULL ? NULL : boot_daemon(real);
		name = real == NULL ? name : real;
	}
	if (!relays && !serves(command, start, &launch, daemon, name))
		return STATUS_OK;
	if (launch.program != 0 && strstr(command->words[launch.program], "/init.d/") != NULL)
		daemon = NULL;
	note_server(boot, name, start->enabled);
	service.user = daemon == NULL ? NULL : own_user(command, launch.arguments, name);
	if (service.user == NULL)
		service.user = launch.user != NULL ? launch.user : start->user;
	if (service.user == NULL && (daemon == NULL || !daemon->lowers))
		service.user = "root";
	if (service.user != NULL)
		service.user = boot_text(boot, service.user, strcspn(service.user, ":."), 64);
	service.name = boot_text(boot, name, strlen(name), 128);
	if (service.protocol == NULL && daemon != NULL)
		service.protocol = daemon->protocol;
	if (service.name == NULL)
		return STATUS_LIMIT;
	TRY(join_words(boot, command, &service.command));
	if (daemon == NULL || service.port != UNKNOWN)
		return boot_add(boot, &service);
	return add_ports(boot, &service, daemon, command, launch.arguments);
}
