/* The addresses a firmware names are those it may one day talk to. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/reading.h"

#define MAX_FACTS 200 /* addresses of one file */
#define MAX_HOST 253
#define CONTEXT 64 /* bytes before an address that may tell its purpose */

static const char *const schemes[] = {"http", "https", "ftp", "ftps", "sftp", "tftp", "mqtt",
    "mqtts", "rtsp", "rtsps", "rtmp", "rtmps", "ntp", "ws", "wss", "coap", "coaps", "ldap", "ldaps",
    "stun", "turn", "tcp", "udp", "ssl", "tls"};

/* Names of formats, licences and manuals: addresses by form only. */
static const char *const names_only[] = {"www.w3.org", "schemas.xmlsoap.org", "www.onvif.org",
    "docs.oasis-open.org", "schemas.microsoft.com", "schemas.dmtf.org", "purl.org", "ns.adobe.com",
    "xml.org", "www.xmlsoap.org", "www.gnu.org", "gnu.org", "www.fsf.org", "bugs.debian.org",
    "www.debian.org", "www.apache.org", "localhost", "127.0.0.1", "0.0.0.0", "example.com",
    "www.example.com", "www.example.org", "example.org", "example.net"};

/* What was found in one file, to name each address once. */
struct reading {
	struct job *job;
	const struct node *node;
	struct evidence *evidence;
	struct {
		const char *scheme, *host, *purpose;
	} found[MAX_FACTS];
	size_t count;
};

static bool
is_configuration(const struct node *node, struct span head)
{
	static const char *const endings[] = {".conf", ".cfg", ".ini", ".json", ".sh", ".config",
	    ".yaml", ".yml", ".toml", ".properties", ".list", ".lua", ".py", ".xml"};

	if (strstr(node->local, "/etc/") != NULL || span_begins(head, "#!"))
		return !text_ends_with(node->name, ".crt") && !text_ends_with(node->name, ".pem");
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (text_ends_with(node->name, endings[i]))
			return true;
	return false;
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE)
		return false;
	return span_starts_with(head, "\177ELF", 4) ||
	       (span_looks_like_text(head) && is_configuration(node, head));
}

static bool
is_host_byte(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '-' || c == '_';
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool
contains_word(struct span bytes, const char *word)
{
	size_t size = strlen(word);

	for (size_t i = 0; i + size <= bytes.size; i++) {
		size_t k = 0;

		while (k < size && lower(bytes.at[i + k]) == (uint8_t)word[k])
			k++;
		if (k == size)
			return true;
	}
	return false;
}

static const char *
purpose_of(const char *scheme, struct span context)
{
	static const char *const update[] = {
	    "update", "upgrade", "firmware", "/ota", "ota.", "ota_", "otaurl"};
	static const char *const telemetry[] = {
	    "telemetry", "analytics", "/stats", "/report", "crashreport"};

	if (strcmp(scheme, "ntp") == 0)
		return "time";
	for (size_t i = 0; i < ARRAY_SIZE(update); i++)
		if (contains_word(context, update[i]))
			return "update";
	for (size_t i = 0; i < ARRAY_SIZE(telemetry); i++)
		if (contains_word(context, telemetry[i]))
			return "telemetry";
	return "unknown";
}

/* The scheme that ends where "://" begins; NULL when it is none we know. */
static const char *
scheme_before(struct span content, size_t at)
{
	size_t start = at;
	struct span word;

	while (start > 0 && at - start < 8 &&
	       ((content.at[start - 1] | 0x20) >= 'a' && (content.at[start - 1] | 0x20) <= 'z'))
		start--;
	word = span_part(content, start, at - start);
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (span_is_word(word, schemes[i]))
			return schemes[i];
	return NULL;
}

/* The host behind "user:password@", or nothing: "%s", "$host" and single words are no addresses. */
static struct span
host_at(struct span rest)
{
	size_t end = 0, size = 0, colons = 0;
	struct span host;

	rest = span_part(rest, 0, rest.size < 512 ? rest.size : 512);
	while (end < rest.size && rest.at[end] > ' ' && rest.at[end] < 0x7f &&
	       strchr("/\"'<>?#,;)", rest.at[end]) == NULL)
		end++;
	for (size_t i = end; i > 0; i--)
		if (rest.at[i - 1] == '@') {
			rest = span_from(rest, i);
			break;
		}
	if (span_begins(rest, "[")) {
		for (size = 1; size < rest.size && size < 46 && rest.at[size] != ']'; size++)
			colons += rest.at[size] == ':';
		return colons >= 2 && size < rest.size && rest.at[size] == ']'
			   ? span_part(rest, 1, size - 1)
			   : (struct span){0};
	}
	while (size < rest.size && size < MAX_HOST && is_host_byte(rest.at[size]))
		size++;
	host = span_part(rest, 0, size);
	/* a variable in the name: the name is not known */
	if (size < rest.size && strchr("%$*{[", rest.at[size]) != NULL && rest.at[size] != 0)
		return (struct span){0};
	if (size < 4 || memchr(host.at, '.', size) == NULL || host.at[0] == '.' ||
	    host.at[size - 1] == '.')
		return (struct span){0};
	return host;
}

static enum status
add(struct reading *reading, const char *scheme, struct span host, const char *purpose,
    size_t offset)
{
	struct fact fact = fact_in(FACT_endpoint_reference, reading->node, offset);
	const char *name;

	for (size_t i = 0; i < ARRAY_SIZE(names_only); i++)
		if (span_is_word(host, names_only[i]))
			return STATUS_OK;
	for (size_t i = 0; i < reading->count; i++)
		if (reading->found[i].scheme == scheme && reading->found[i].purpose == purpose &&
		    span_is(host, reading->found[i].host))
			return STATUS_OK;
	name = span_text(reading->job, host);
	if (name == NULL)
		return STATUS_LIMIT;
	reading->found[reading->count].scheme = scheme;
	reading->found[reading->count].host = name;
	reading->found[reading->count++].purpose = purpose;
	fact.as.endpoint_reference.scheme = scheme;
	fact.as.endpoint_reference.host = name;
	fact.as.endpoint_reference.purpose = purpose;
	return evidence_add(reading->evidence, reading->job, &fact);
}

/* Is the line around `at` a comment? */
static bool
is_comment(struct span content, size_t at)
{
	size_t start = at;

	while (start > 0 && at - start < 4 * CONTEXT && content.at[start - 1] != '\n')
		start--;
	content = span_trim(span_part(content, start, at - start));
	return span_begins(content, "#") || span_begins(content, ";") ||
	       span_begins(content, "//") || span_begins(content, "* ") ||
	       span_begins(content, "<!--");
}

/* An address and what stands around it in its line, or behind it in its string. */
static struct span
context_of(struct span content, size_t at, bool text)
{
	size_t start = at, end = at;

	while (text && start > 0 && at - start < CONTEXT && content.at[start - 1] >= ' ')
		start--;
	while (end < content.size && end - at < 2 * CONTEXT && content.at[end] >= ' ' &&
	       content.at[end] < 0x7f)
		end++;
	return span_part(content, start, end - start);
}

static enum status
read_urls(struct reading *reading, const struct offer *offer)
{
	struct span content = offer->content;
	bool text = span_looks_like_text(content);

	for (size_t i = 0; i < offer->find_count && reading->count < MAX_FACTS; i++) {
		size_t at = offer->finds[i].at;
		const char *scheme = scheme_before(content, at);
		struct span host = host_at(span_from(content, at + 3));

		if (scheme != NULL && host.size != 0 && !(text && is_comment(content, at)))
			TRY(add(reading, scheme, host,
			    purpose_of(scheme, context_of(content, at, text)),
			    at - strlen(scheme)));
	}
	return STATUS_OK;
}

/* "server HOST" of ntp.conf and chrony.conf, "list server 'HOST'" of OpenWrt. */
static enum status
read_time_servers(struct reading *reading, struct span content)
{
	struct span rest = content, line, word;

	while (reading->count < MAX_FACTS && line_next(&rest, &line)) {
		size_t offset = (size_t)(line.at - content.at);

		if (!word_next(&line, &word))
			continue;
		if (span_is(word, "list") && !word_next(&line, &word))
			continue;
		if (!span_is(word, "server") && !span_is(word, "pool") && !span_is(word, "peer"))
			continue;
		word_next(&line, &word);
		word = host_at(span_unquote(word));
		if (word.size != 0)
			TRY(add(reading, "ntp", word, "time", offset));
	}
	return STATUS_OK;
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	const struct node *node = offer->node;
	struct span content = offer->content;
	struct reading reading = {.job = job, .node = node, .evidence = evidence};

	(void)collection;
	TRY(read_urls(&reading, offer));
	if (strcmp(node->name, "ntp.conf") == 0 || strcmp(node->name, "chrony.conf") == 0 ||
	    text_ends_with(node->local, "/etc/config/system"))
		return read_time_servers(&reading, content);
	return STATUS_OK;
}

static const struct pattern seeks[] = {{.expression = "://", .length = 3}};

static const enum fact_kind looks_for[] = {FACT_endpoint_reference};

const struct collector collector_endpoint_reference = {
    .name = "endpoint_reference",
    .title = "hosts named in configurations, scripts and programs",
    .source = "RFC 3986; ntp.conf(5)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
};
