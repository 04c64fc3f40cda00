/* Programs that put another one on a port: nc, socat, tcpsvd; and those that serve by an option. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "firmware/boot.h"
#include "firmware/reading.h"

/* A command as a relay reads it. */
struct relay {
	struct boot *boot;
	const struct shell_command *command;
	size_t program, arguments;
	struct boot_service *service;
	const char *name;
};

bool
boot_is_shell(const char *name)
{
	static const char *const shells[] = {"sh", "ash", "bash", "dash", "hush", "ksh"};

	name = launch_base_name(name);
	name += name[0] == '-';
	for (size_t i = 0; i < ARRAY_SIZE(shells); i++)
		if (strcmp(name, shells[i]) == 0)
			return true;
	return false;
}

/* "/bin/sh -i", "EXEC:/bin/sh,pty", "sh": a shell is named in a word. */
static bool
names_shell(const char *word)
{
	char part[64] = "";

	for (size_t size; *word != '\0'; word += size + (word[size] != '\0')) {
		size = strcspn(word, " \t,:=\"'");
		if (size == 0 || size >= sizeof part)
			continue;
		memcpy(part, word, size);
		part[size] = '\0';
		if (boot_is_shell(part))
			return true;
	}
	return false;
}

static bool
is_number(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* nc [-l] [-p PORT] [-e PROGRAM] [ADDRESS] [PORT] */
static bool
read_netcat(struct relay *relay)
{
	const struct shell_command *command = relay->command;
	struct boot_service *service = relay->service;

	for (size_t i = relay->arguments; i < command->word_count; i++)
		if (command->words[i][0] == '-' && strchr(command->words[i], 'l') != NULL)
			service->protocol = "netcat";
	if (service->protocol == NULL)
		return false;
	for (size_t i = relay->arguments; i < command->word_count; i++) {
		const char *word = command->words[i], *before = command->words[i - 1];

		if (names_shell(word))
			service->protocol = "shell";
		else if (text_ends_with(word, "/login"))
			service->protocol = "telnet"; /* a log-in in clear */
		if (word[0] == '-' && word[1] == 'p' && is_number(word + 2))
			word += 2;
		/* the number of -w is of seconds, not of a port */
		if (service->port == UNKNOWN && is_number(word) &&
		    (before[0] != '-' || strpbrk(before, "wiqWsmI") == NULL))
			service->port = span_number(span_of_string(word), 65535);
	}
	return true;
}

/* tcpsvd [-hEv] [-c N] [-u USER] ADDRESS PORT PROGRAM: where it listens, and what it serves. */
static bool
read_svd(struct relay *relay)
{
	const struct shell_command *command = relay->command;
	size_t at = relay->program + 1;
	const char *address;

	for (; at < command->word_count && command->words[at][0] == '-'; at++) {
		const char *word = command->words[at];

		at += strchr("cCbul", word[strlen(word) - 1]) != NULL;
	}
	if (at + 2 >= command->word_count)
		return false;
	address = command->words[at];
	/* "0" is any address */
	if (strcmp(address, "0") == 0)
		address = "0.0.0.0";
	relay->service->address = boot_text(relay->boot, address, strlen(address), 128);
	relay->service->port = span_number(span_of_string(command->words[at + 1]), 65535);
	if (boot_is_shell(command->words[at + 2]))
		relay->service->protocol = "shell";
	else
		relay->name = launch_base_name(command->words[at + 2]);
	return true;
}

/* TCP-LISTEN:1337,bind=127.0.0.1,fork: one of the two addresses of socat. */
static void
read_listener(struct relay *relay, const char *word)
{
	static const char *const kinds[] = {"TCP-L", "TCP4-L", "TCP6-L", "UDP-L", "UDP4-L",
	    "UDP6-L", "UDP-RECV", "UDP4-RECV", "UDP6-RECV", "OPENSSL-L", "SSL-L"};
	const char *colon = strchr(word, ':'), *bind = strstr(word, ",bind=");
	size_t size;

	for (size_t i = 0; i < ARRAY_SIZE(kinds) && colon != NULL; i++) {
		if (strncasecmp(word, kinds[i], strlen(kinds[i])) != 0)
			continue;
		size = strcspn(colon + 1, ",");
		relay->service->port =
		    span_number((struct span){(const uint8_t *)colon + 1, size}, 65535);
		if (bind != NULL)
			relay->service->address =
			    boot_text(relay->boot, bind + 6, strcspn(bind + 6, ","), 128);
		/* whoever connects must show a certificate, unless it says otherwise */
		if (kinds[i][0] == 'O' || kinds[i][0] == 'S')
			relay->service->protocol = "tls";
		return;
	}
}

static bool
read_socat(struct relay *relay)
{
	const struct shell_command *command = relay->command;
	struct boot_service *service = relay->service;
	bool shell = false, serial = false;

	for (size_t i = relay->arguments; i < command->word_count; i++) {
		const char *word = command->words[i];

		read_listener(relay, word);
		shell |=
		    (strncasecmp(word, "EXEC:", 5) == 0 || strncasecmp(word, "SYSTEM:", 7) == 0 ||
			strncasecmp(word, "SHELL:", 6) == 0) &&
		    names_shell(word);
		serial |= strstr(word, "/dev/tty") != NULL;
	}
	if (service->port != UNKNOWN && service->protocol == NULL)
		service->protocol = shell ? "shell" : serial ? "serial" : NULL;
	return true;
}

/* gdbserver [OPTION]… [HOST]:PORT PROGRAM */
static bool
read_gdbserver(struct relay *relay)
{
	for (size_t i = relay->arguments; i < relay->command->word_count; i++) {
		const char *word = relay->command->words[i], *colon = strrchr(word, ':');

		if (colon == NULL || !is_number(colon + 1))
			continue;
		relay->service->protocol = "gdb";
		relay->service->port = span_number(span_of_string(colon + 1), 65535);
		if (colon != word)
			relay->service->address =
			    boot_text(relay->boot, word, (size_t)(colon - word), 128);
		return true;
	}
	return false;
}

/* python3 -m http.server [-b ADDRESS] [PORT] */
static bool
read_python(struct relay *relay)
{
	const struct shell_command *command = relay->command;
	struct boot_service *service = relay->service;
	size_t at = relay->arguments;

	while (at < command->word_count && strcmp(command->words[at], "http.server") != 0 &&
	       strcmp(command->words[at], "SimpleHTTPServer") != 0)
		at++;
	if (at >= command->word_count || strcmp(command->words[at - 1], "-m") != 0)
		return false;
	service->protocol = "http";
	service->port = 8000;
	for (at++; at < command->word_count; at++) {
		const char *word = command->words[at], *before = command->words[at - 1];

		if (is_number(word) && before[0] != '-')
			service->port = span_number(span_of_string(word), 65535);
		else if (strcmp(before, "-b") == 0 || strcmp(before, "--bind") == 0)
			service->address = boot_text(relay->boot, word, strlen(word), 128);
	}
	return true;
}

bool
boot_relay(struct boot *boot, const struct shell_command *command, const struct launch *launch,
    struct boot_service *service, const char **name)
{
	static const struct {
		const char *name;
		bool (*read)(struct relay *relay);
	} relays[] = {{"nc", read_netcat}, {"ncat", read_netcat}, {"netcat", read_netcat},
	    {"tcpsvd", read_svd}, {"udpsvd", read_svd}, {"socat", read_socat},
	    {"gdbserver", read_gdbserver}, {"python", read_python}, {"python2", read_python},
	    {"python3", read_python}};
	struct relay relay = {boot, command, launch->program, launch->arguments, service, *name};
	bool serves = false;

	for (size_t i = 0; i < ARRAY_SIZE(relays); i++)
		if (strcmp(*name, relays[i].name) == 0)
			serves = relays[i].read(&relay);
	*name = relay.name;
	return serves;
}

/* "sh -i | nc -l 4445", "nc -l 4445 | sh": a shell at the other end of a pipe. */
void
boot_note_pipe(struct boot *boot, const struct shell_command *command, size_t services_before)
{
	struct launch launch = launch_read(command);
	bool piped = strcmp(command->ended_by, "|") == 0, listens;
	bool shell =
	    launch.program < command->word_count && boot_is_shell(command->words[launch.program]);
	struct boot_service *last =
	    boot->service_count == 0 ? NULL : &boot->services[boot->service_count - 1];

	listens = last != NULL && last->protocol != NULL && strcmp(last->protocol, "netcat") == 0;
	if (listens &&
	    ((shell && boot->pipe == PIPE_FROM_LISTENER) ||
		(boot->service_count > services_before && boot->pipe == PIPE_FROM_SHELL)))
		last->protocol = "shell";
	boot->pipe = !piped                                             ? PIPE_NONE
		     : shell                                            ? PIPE_FROM_SHELL
		     : boot->service_count > services_before && listens ? PIPE_FROM_LISTENER
									: PIPE_NONE;
}
