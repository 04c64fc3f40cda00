/* Where a daemon listens and as whom it serves often stands in its configuration alone. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/boot.h"
#include "firmware/reading.h"

#define MAX_LISTENS 8

enum shape { WORDS, EQUALS, SEMICOLON };

/* A daemon's configuration: its file, how to name another, and the keys that matter. */
struct configuration {
	const char *daemon;
	const char *files[3]; /* where it looks by itself */
	char option;          /* names another file */
	enum shape shape;
	const char *port, *address, *listen, *user; /* NULL: there is no such key */
	unsigned short usual; /* the port when nothing is said; 0: it has none */
};

static const struct configuration configurations[] = {
    {"sshd", {"/etc/ssh/sshd_config", "/etc/sshd_config"}, 'f', WORDS, "Port", "ListenAddress",
	NULL, NULL, 22},
    {"lighttpd", {"/etc/lighttpd/lighttpd.conf", "/etc/lighttpd.conf"}, 'f', EQUALS, "server.port",
	"server.bind", NULL, "server.username", 80},
    {"nginx", {"/etc/nginx/nginx.conf", "/usr/local/nginx/conf/nginx.conf"}, 'c', SEMICOLON, NULL,
	NULL, "listen", "user", 80},
    {"mosquitto", {"/etc/mosquitto/mosquitto.conf", "/etc/mosquitto.conf"}, 'c', WORDS, "port",
	"bind_address", "listener", "user", 1883},
    {"boa", {"/etc/boa/boa.conf", "/etc/boa.conf"}, 'f', WORDS, "Port", "Listen", NULL, "User", 80},
    {"vsftpd", {"/etc/vsftpd.conf", "/etc/vsftpd/vsftpd.conf"}, 0, EQUALS, "listen_port",
	"listen_address", NULL, NULL, 21},
    {"proftpd", {"/etc/proftpd/proftpd.conf", "/etc/proftpd.conf"}, 'c', WORDS, "Port",
	"DefaultAddress", NULL, "User", 21},
    {"thttpd", {"/etc/thttpd/thttpd.conf", "/etc/thttpd.conf"}, 'C', EQUALS, "port", "host", NULL,
	"user", 80},
    {"mini_httpd", {"/etc/mini_httpd.conf", "/etc/mini-httpd.conf"}, 'C', EQUALS, "port", "host",
	NULL, "user", 80},
    {"snmpd", {"/etc/snmp/snmpd.conf", "/etc/snmpd.conf"}, 'c', WORDS, NULL, NULL, "agentaddress",
	"agentuser", 161},
    {"stunnel", {"/etc/stunnel/stunnel.conf", "/etc/stunnel.conf"}, 0, EQUALS, NULL, NULL, "accept",
	"setuid", 0},
    {"dnsmasq", {"/etc/dnsmasq.conf"}, 'C', EQUALS, "port", "listen-address", NULL, "user", 53},
    {"redis-server", {"/etc/redis/redis.conf", "/etc/redis.conf"}, 0, WORDS, "port", "bind", NULL,
	NULL, 6379},
    {"rsyncd", {"/etc/rsyncd.conf"}, 0, EQUALS, "port", "address", NULL, "uid", 873},
    {"miniupnpd", {"/etc/miniupnpd/miniupnpd.conf", "/etc/miniupnpd.conf"}, 'f', EQUALS, NULL,
	"listening_ip", NULL, NULL, 0},
    {"minidlnad", {"/etc/minidlna.conf"}, 'f', EQUALS, "port", NULL, NULL, "user", 8200},
    {"minidlna", {"/etc/minidlna.conf"}, 'f', EQUALS, "port", NULL, NULL, "user", 8200},
    {"openvpn", {"/etc/openvpn/server.conf"}, 0, WORDS, "port", "local", NULL, "user", 1194},
};

bool
boot_is_configuration(const struct node *node)
{
	if (text_ends_with(node->name, ".conf") && strstr(node->local, "/etc/") != NULL)
		return true;
	return strcmp(node->name, "sshd_config") == 0 ||
	       strstr(node->local, "/etc/config/") != NULL ||
	       strstr(node->local, "/etc/default/") != NULL;
}

/* What a file says of the keys that matter. */
struct said {
	struct span ports[MAX_LISTENS], addresses[MAX_LISTENS], listens[MAX_LISTENS], user;
	size_t port_count, address_count, listen_count;
};

static void
take(struct span *list, size_t *count, struct span value)
{
	if (*count < MAX_LISTENS)
		list[(*count)++] = value;
}

static bool
is_key(struct span key, const char *wanted)
{
	return wanted != NULL && span_is_word(key, wanted);
}

/* A statement without its end: a line, or up to the ";" of nginx. */
static void
read_statement(const struct configuration *configuration, struct span line, struct said *said)
{
	struct span rest = span_trim(line), key;

	if (rest.size == 0 || rest.at[0] == '#' || rest.at[0] == ';')
		return;
	if (configuration->shape == EQUALS)
		key = span_trim(field_next(&rest, '='));
	else if (!word_next(&rest, &key))
		return;
	if (configuration->shape == SEMICOLON)
		rest = field_next(&rest, ';');
	rest = span_unquote(span_trim(rest));
	if (is_key(key, configuration->port))
		take(said->ports, &said->port_count, rest);
	else if (is_key(key, configuration->address))
		take(said->addresses, &said->address_count, rest);
	else if (is_key(key, configuration->listen))
		take(said->listens, &said->listen_count, rest);
	else if (is_key(key, configuration->user))
		(void)word_next(&rest, &said->user);
}

static void
read_file(const struct configuration *configuration, struct span content, struct said *said)
{
	struct span rest = content, line;

	*said = (struct said){.port_count = 0};
	while (line_next(&rest, &line)) {
		/* what follows Match holds for some log-ins alone */
		if (configuration->shape == WORDS && span_begins(span_trim(line), "Match "))
			break;
		read_statement(configuration, line, said);
	}
}

/* The file its command line names, or the one it takes by itself. */
static struct boot_file *
file_for(struct boot *boot, const struct configuration *configuration, const char *command)
{
	struct shell_command *words = arena_allocate(boot->job, sizeof *words);
	struct boot_file *file = NULL;

	if (words == NULL)
		return NULL;
	shell_split(span_of_string(command == NULL ? "" : command), words);
	for (size_t i = 1; i < words->word_count; i++) {
		const char *word = words->words[i];

		if (configuration->option != 0 && word[0] == '-' &&
		    word[1] == configuration->option) {
			if (word[2] == '\0' && i + 1 < words->word_count)
				word = words->words[i + 1];
			else
				word += 2;
			return boot_find(boot, word);
		}
		if (configuration->option == 0 && word[0] == '/')
			file = boot_find(boot, word);
		if (file != NULL)
			return file;
	}
	for (size_t i = 0; i < ARRAY_SIZE(configuration->files) && file == NULL; i++)
		if (configuration->files[i] != NULL)
			file = boot_find(boot, configuration->files[i]);
	return file;
}

/* "443 ssl", "[::]:443", "1883 127.0.0.1", "udp:127.0.0.1:161" */
static enum status
read_listen(struct boot *boot, struct span value, struct boot_service *service)
{
	struct span word, second;
	const char *text;

	service->address = NULL;
	service->port = UNKNOWN;
	if (!word_next(&value, &word))
		return STATUS_OK;
	if (span_begins(word, "udp:") || span_begins(word, "tcp:"))
		word = span_from(word, 4);
	text = span_text(boot->job, word);
	if (text == NULL)
		return STATUS_LIMIT;
	TRY(boot_read_address(boot, text, service));
	if (service->port == UNKNOWN && strchr(text, '/') == NULL)
		service->address = text; /* an address without a port */
	if (word_next(&value, &second) && memchr(second.at, '.', second.size) != NULL &&
	    strcmp(service->name, "mosquitto") == 0)
		service->address = span_text(boot->job, second);
	return STATUS_OK;
}

/* The service once for each place it listens at; the first takes the place of what was there. */
static enum status
put_places(struct boot *boot, size_t at, const struct said *said, unsigned short usual)
{
	struct boot_service *service = &boot->services[at], more;
	size_t count = said->listen_count != 0 ? said->listen_count : said->port_count;

	for (size_t i = 0; i < count; i++) {
		more = *service;
		if (said->listen_count != 0)
			TRY(read_listen(boot, said->listens[i], &more));
		else
			more.port = span_number(said->ports[i], 65535);
		if (said->address_count == 1 && more.address == NULL)
			more.address = span_text(boot->job, said->addresses[0]);
		if (i == 0)
			*service = more;
		else
			TRY(boot_add(boot, &more));
	}
	if (count != 0)
		return STATUS_OK;
	if (said->address_count == 1)
		service->address = span_text(boot->job, said->addresses[0]);
	if (usual != 0)
		service->port = usual;
	return STATUS_OK;
}

/* OpenWrt writes uhttpd's command line from this; its script is only partly followed. */
static enum status
join_uhttpd(struct boot *boot, size_t at)
{
	static const char *const keys[] = {"listen_http", "listen_https"};
	struct boot_file *file = boot_find(boot, "/etc/config/uhttpd");
	struct boot_service *service = &boot->services[at];
	struct uci uci;
	bool first = true;

	if (file == NULL)
		return STATUS_OK;
	uci = uci_read(file->kept->content);
	for (size_t n = 0; n < uci.count * 8; n++) {
		struct boot_service more = *service;
		const char *key = keys[n / 4 % 2];
		struct span value = span_is(uci.sections[n / 8].type, "uhttpd")
					? uci_option(&uci, n / 8, key, n % 4)
					: (struct span){0};
		const char *text = value.at == NULL ? NULL : span_text(boot->job, value);

		if (text == NULL || text[0] == '\0')
			continue;
		TRY(boot_read_address(boot, text, &more));
		more.protocol = n / 4 % 2 == 0 ? "http" : "https";
		if (first)
			*service = more;
		else
			TRY(boot_add(boot, &more));
		first = false;
	}
	return STATUS_OK;
}

static enum status
join(struct boot *boot, size_t at)
{
	struct boot_service *service = &boot->services[at];

	if (service->any_port && strcmp(service->name, "uhttpd") == 0)
		return join_uhttpd(boot, at);
	for (size_t i = 0; i < ARRAY_SIZE(configurations); i++) {
		const struct configuration *configuration = &configurations[i];
		struct boot_file *file;
		struct said said;

		if (strcmp(configuration->daemon, service->name) != 0)
			continue;
		file = file_for(boot, configuration, service->command);
		if (file == NULL)
			return STATUS_OK;
		read_file(configuration, file->kept->content, &said);
		if (said.user.size != 0)
			service->user = span_text(boot->job, span_unquote(said.user));
		if (service->any_port)
			return put_places(boot, at, &said, configuration->usual);
	}
	return STATUS_OK;
}

enum status
boot_configuration(struct boot *boot)
{
	size_t count = boot->service_count;

	for (size_t i = 0; i < count; i++)
		if (boot->services[i].root == boot->root && boot->services[i].enabled != 0)
			TRY(join(boot, i));
	return STATUS_OK;
}
