/* A host without a scheme is one where a word beside it says so, or where it is a string by itself.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collectors/endpoint_reference.h"
#include "firmware/endpoint.h"
#include "firmware/reading.h"

#define MAX_LINE ((size_t)1024) /* bytes of a line that are read */
#define MAX_LINES 65536
#define MAX_WORDS 64 /* of a line */

/* A word of a line and what comes before it. */
struct line {
	struct span bytes, word, key; /* key: the word that gives the value its name */
	bool command;                 /* of a shell script, and one that talks to a host */
};

static const struct {
	const char *port, *scheme;
} ports[] = {{"1883", "mqtt"}, {"8883", "mqtts"}, {"123", "ntp"}, {"443", "https"}, {"80", "http"},
    {"21", "ftp"}, {"53", "dns"}, {"554", "rtsp"}, {"5671", "amqps"}, {"5672", "amqp"},
    {"3478", "stun"}};

static bool
has_any(struct span bytes, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (endpoint_has_word(bytes, words[i]))
			return true;
	return false;
}

/* Does this name say that its value is a host to talk to? */
static bool
names_a_host(struct span key)
{
	static const char *const yes[] = {"server", "broker", "upstream", "relay", "stun", "turn",
	    "ntp", "peer", "pool", "remote", "endpoint", "acs", "mqtt", "cloud", "p2p", "host",
	    "url", "uri", "smtp", "proxy", "resolver", "dns", "push", "registry", "radius"};
	static const char *const no[] = {"listen", "bind", "local", "search", "name", "mail", "key",
	    "admin", "virtual", "vhost", "header", "issuer", "cert", "subject"};

	if (endpoint_has_word(key, "nameserver"))
		return true;
	if (endpoint_has_word(key, "ddns") || endpoint_has_word(key, "dyndns"))
		return endpoint_has_word(key, "server") || endpoint_has_word(key, "url");
	return has_any(key, yes, ARRAY_SIZE(yes)) && !has_any(key, no, ARRAY_SIZE(no));
}

/* A program that is given a host to talk to. */
static bool
talks(struct span word)
{
	static const char *const programs[] = {"ntpdate", "ntpd", "ntpclient", "rdate", "sntp",
	    "msntp", "ping", "ping6", "wget", "curl", "uclient-fetch", "mosquitto_pub",
	    "mosquitto_sub", "telnet", "nc", "tftp", "ftpget", "ftpput", "ssh", "nslookup",
	    "traceroute", "socat", "stunnel"};
	size_t start = word.size;

	while (start > 0 && word.at[start - 1] != '/')
		start--;
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		if (span_is(span_from(word, start), programs[i]))
			return true;
	return false;
}

static const char *
scheme_of(struct span port, struct span key)
{
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++)
		if (span_is(port, ports[i].port))
			return ports[i].scheme;
	if (port.size != 0)
		return NULL;
	return endpoint_has_word(key, "mqtt")                                          ? "mqtt"
	       : endpoint_has_word(key, "ntp") || endpoint_has_word(key, "rdate")      ? "ntp"
	       : endpoint_has_word(key, "nameserver") || endpoint_has_word(key, "dns") ? "dns"
	       : endpoint_has_word(key, "stun")                                        ? "stun"
										       : NULL;
}

static bool
is_separator(uint8_t byte)
{
	return byte <= ' ' || strchr("\"'=,;()<>|&[]{}`", byte) != NULL;
}

/* Takes the next word of the line off `rest`; false at its end. */
static bool
next_word(struct span *rest, struct span *word)
{
	size_t start = 0, end;

	while (start < rest->size && is_separator(rest->at[start]))
		start++;
	for (end = start; end < rest->size && !is_separator(rest->at[end]);)
		end++;
	*word = span_part(*rest, start, end - start);
	*rest = span_from(*rest, end);
	return word->size != 0;
}

/* "host", "host:port", "host/path": false for what holds anything else. */
static bool
split(struct span word, struct span *host, struct span *port)
{
	struct span rest = word;
	bool ported;

	for (size_t i = 0; i < word.size; i++)
		if (strchr("$%*@\\?~+", word.at[i]) != NULL || word.at[i] > 0x7e)
			return false;
	if (span_find(word, "://", 3, 0) != SIZE_MAX)
		return false;
	rest = field_next(&rest, '/');
	*host = rest;
	*host = field_next(&rest, ':');
	ported = rest.at != NULL;
	*port = rest;
	return !ported || span_number(*port, 65535) > 0;
}

static enum status
read_word(struct endpoints *endpoints, const struct line *line)
{
	struct span host, port;
	bool told = line->command || names_a_host(line->key);
	const char *scheme;
	size_t at;

	if (!split(line->word, &host, &port))
		return STATUS_OK;
	at = (size_t)(host.at - endpoints->offer->content.at);
	/* in a program's text a member of a thing is spelled like a host */
	if (endpoints->place.code &&
	    (at == 0 || strchr("\"'", endpoints->offer->content.at[at - 1]) == NULL))
		return STATUS_OK;
	if (endpoint_is_address(host) ? !endpoint_is_public(host) || !told
				      : !endpoint_is_bare_host(host, told))
		return STATUS_OK;
	if (!told && port.size == 0 && (endpoints->place.page || endpoint_provider(host) == NULL))
		return STATUS_OK;
	if (endpoint_has_word(line->key, "listen") || endpoint_has_word(line->key, "bind") ||
	    endpoint_in_comment(&endpoints->place, at))
		return STATUS_OK;
	scheme = scheme_of(port, line->key);
	if (span_begins(host, "1.") && endpoint_is_address(host) &&
	    (scheme == NULL || strcmp(scheme, "dns") != 0))
		return STATUS_OK; /* more often a stopgap than the resolver */
	return endpoints_add(endpoints, scheme, host,
	    scheme != NULL && strcmp(scheme, "ntp") == 0 ? "time" : NULL, line->bytes, at);
}

static enum status
read_line(struct endpoints *endpoints, struct span bytes)
{
	/* a file that holds one thing has its name */
	struct line line = {.bytes = bytes, .key = span_of_string(endpoints->offer->node->name)};
	struct span rest = bytes, word;
	int since = 9; /* words since the key */

	for (int i = 0; i < MAX_WORDS && next_word(&rest, &word); i++) {
		if (talks(word)) {
			line.command = true;
			line.key = word;
			since = 0;
			continue;
		}
		line.word = word;
		if (memchr(word.at, '.', word.size) != NULL)
			TRY(read_word(endpoints, &line));
		/* a name keeps its meaning for the values of a list, until another name comes */
		if (names_a_host(word)) {
			line.key = word;
			since = 0;
		} else if (!line.command && memchr(word.at, '.', word.size) == NULL &&
			   (span_begins(word, "-") || ++since > 2))
			line.key = word;
	}
	return STATUS_OK;
}

enum status
endpoints_read_lines(struct endpoints *endpoints)
{
	struct span rest = endpoints->offer->content, line;
	int i = 0;

	for (; i < MAX_LINES && !endpoints->cut && line_next(&rest, &line); i++) {
		struct span part = span_part(line, 0, line.size < MAX_LINE ? line.size : MAX_LINE);

		if (memchr(part.at, '.', part.size) != NULL)
			TRY(read_line(endpoints, part));
	}
	endpoints->cut |= i == MAX_LINES && rest.size != 0;
	return STATUS_OK;
}

/* Beside no word an address must not look like a version. */
static bool
is_address_by_itself(struct span host)
{
	const struct provider *provider = endpoint_provider(host);
	struct span rest = host;
	int64_t first = span_number(field_next(&rest, '.'), 255);
	bool large = first >= 100;

	for (int i = 0; i < 3; i++)
		large |= span_number(field_next(&rest, '.'), 255) >= 100;
	return endpoint_is_public(host) &&
	       ((large && first >= 40) || (provider != NULL && first != 1));
}

/* The string around `at`: one that is a host as a whole, a port or a path behind it or not. */
enum status
endpoints_read_string(struct endpoints *endpoints, size_t at)
{
	struct span content = endpoints->offer->content, whole, host, port;
	size_t start = at, end = at;
	bool path;

	while (start > 0 && at - start < ENDPOINT_MAX_HOST && content.at[start - 1] > ' ' &&
	       content.at[start - 1] < 0x7f)
		start--;
	while (end < content.size && end - at < ENDPOINT_MAX_HOST && content.at[end] > ' ' &&
	       content.at[end] < 0x7f)
		end++;
	/* a string of C begins behind the end of another, and ends with zero */
	if ((start > 0 && content.at[start - 1] != 0 && content.at[start - 1] != '\n') ||
	    end >= content.size || (content.at[end] != 0 && content.at[end] != '\n'))
		return STATUS_OK;
	whole = span_part(content, start, end - start);
	if (!split(whole, &host, &port))
		return STATUS_OK;
	path = memchr(whole.at, '/', whole.size) != NULL;
	if (endpoint_is_address(host) ? path || !is_address_by_itself(host)
				      : !endpoint_is_bare_host(host, false))
		return STATUS_OK;
	if (path && endpoint_provider(host) == NULL)
		return STATUS_OK;
	return endpoints_add(
	    endpoints, scheme_of(port, (struct span){0}), host, NULL, whole, start);
}
