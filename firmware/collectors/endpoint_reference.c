/* The addresses a firmware names are those it may one day talk to. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collector.h"
#include "firmware/collectors/endpoint_reference.h"
#include "firmware/endpoint.h"
#include "firmware/reading.h"

#define ONE_THING 128 /* bytes of a file that may hold one setting, under any name */

static bool
is_configuration(const struct node *node, struct span head)
{
	static const char *const endings[] = {".conf", ".cfg", ".ini", ".json", ".sh", ".config",
	    ".yaml", ".yml", ".toml", ".properties", ".list", ".lua", ".py", ".xml", ".sources",
	    ".service", ".timer", ".env"};

	if (node->bytes <= ONE_THING)
		return true;
	if (strstr(node->local, "/etc/") != NULL || span_begins(head, "#!"))
		return !text_ends_with(node->name, ".crt") && !text_ends_with(node->name, ".pem");
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (text_ends_with(node->name, endings[i]))
			return true;
	return endpoint_is_page(node->name);
}

static bool
wants(const struct node *node, struct span head)
{
	if (node->type != NODE_FILE)
		return false;
	/* .bin: what a microcontroller runs has no other sign */
	if (span_starts_with(head, "\177ELF", 4) || text_ends_with(node->name, ".bin"))
		return true;
	return span_looks_like_text(head) && is_configuration(node, head);
}

/* ntp.vendor.com, ntp1.vendor.com, time.vendor.com, a.ntp.vendor.com */
static bool
is_time_host(struct span host)
{
	struct span rest = host, label = field_next(&rest, '.');

	while (
	    label.size != 0 && label.at[label.size - 1] >= '0' && label.at[label.size - 1] <= '9')
		label.size--;
	return span_is_word(label, "ntp") || span_is_word(label, "time") ||
	       endpoint_has_word(host, ".ntp.");
}

static const char *
purpose_of(const char *scheme, struct span host, struct span context)
{
	static const struct {
		const char *word, *purpose;
	} words[] = {{"dyndns", "dynamic DNS"}, {"ddns", "dynamic DNS"},
	    {"nsupdate", "dynamic DNS"}, {"dynupdate", "dynamic DNS"},
	    {"/nic/update", "dynamic DNS"}, {"update", "update"}, {"upgrade", "update"},
	    {"firmware", "update"}, {"/ota", "update"}, {"ota.", "update"}, {"ota_", "update"},
	    {"otaurl", "update"}, {".swu", "update"}, {".raucb", "update"}, {"hawkbit", "update"},
	    {"telemetry", "telemetry"}, {"analytics", "telemetry"}, {"/stats", "telemetry"},
	    {"/report", "telemetry"}, {"crashreport", "telemetry"}};

	if (scheme != NULL && strcmp(scheme, "ntp") == 0)
		return "time";
	if (scheme != NULL && (strcmp(scheme, "stun") == 0 || strcmp(scheme, "turn") == 0))
		return "relay";
	if (scheme != NULL && strcmp(scheme, "dns") == 0)
		return "name resolution";
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (endpoint_has_word(context, words[i].word))
			return words[i].purpose;
	if (is_time_host(host))
		return "time";
	return span_begins(host, "stun.") || span_begins(host, "turn.") ? "relay" : NULL;
}

/* The host in small letters, NULL when out of budget. */
static const char *
name_of(struct job *job, struct span host)
{
	uint8_t bytes[ENDPOINT_MAX_HOST];

	for (size_t i = 0; i < host.size && i < sizeof bytes; i++)
		bytes[i] = host.at[i] >= 'A' && host.at[i] <= 'Z' ? (uint8_t)(host.at[i] + 32)
								  : host.at[i];
	return span_text(
	    job, (struct span){bytes, host.size < sizeof bytes ? host.size : sizeof bytes});
}

/* Was it told already?  Each host once for each scheme and purpose. */
static bool
is_known(
    const struct endpoints *endpoints, const char *scheme, struct span host, const char *purpose)
{
	for (size_t i = 0; i < endpoints->count; i++)
		if (endpoints->found[i].scheme == scheme &&
		    strcmp(endpoints->found[i].purpose, purpose) == 0 &&
		    span_is_word(host, endpoints->found[i].host))
			return true;
	return false;
}

enum status
endpoints_add(struct endpoints *endpoints, const char *scheme, struct span host,
    const char *purpose, struct span context, size_t offset)
{
	struct fact fact = fact_in(FACT_endpoint_reference, endpoints->offer->node, offset);
	struct endpoint_reference_fact *told = &fact.as.endpoint_reference;
	const struct provider *provider = endpoint_provider(host);

	if (endpoint_is_name_only(host))
		return STATUS_OK;
	/* who does one thing alone does it whatever the words say */
	if (purpose == NULL && provider != NULL && strcmp(provider->purpose, "cloud") != 0)
		purpose = provider->purpose;
	if (purpose == NULL)
		purpose = purpose_of(scheme, host, context);
	if (purpose == NULL)
		purpose = provider != NULL ? provider->purpose : "unknown";
	if (is_known(endpoints, scheme, host, purpose))
		return STATUS_OK;
	if (endpoints->count == ENDPOINTS_MAX_FACTS) {
		endpoints->cut = true;
		return STATUS_OK;
	}
	told->scheme = scheme;
	told->purpose = purpose;
	told->host = name_of(endpoints->job, host);
	if (told->host == NULL)
		return STATUS_LIMIT;
	told->country = endpoint_country(host);
	if (provider != NULL) {
		told->provider = provider->name;
		told->country = provider->country[0] == '\0' ? NULL : provider->country;
	}
	endpoints->found[endpoints->count].scheme = scheme;
	endpoints->found[endpoints->count].host = told->host;
	endpoints->found[endpoints->count++].purpose = purpose;
	return evidence_add(endpoints->evidence, endpoints->job, &fact);
}

static enum status
read_url(struct endpoints *endpoints, size_t at)
{
	struct span content = endpoints->offer->content, url;
	const char *scheme = endpoint_scheme_before(content, at);
	struct span host = endpoint_host(span_from(content, at + 3));
	size_t start;

	if (scheme == NULL || host.size == 0 || endpoint_in_comment(&endpoints->place, at))
		return STATUS_OK;
	start = at - strlen(scheme);
	url = endpoint_url(span_from(content, start));
	if (host.at + host.size > url.at + url.size ||
	    endpoint_is_namespace(&endpoints->place, start, url))
		return STATUS_OK;
	if (endpoint_is_documentation(&endpoints->place, start, host, url))
		return endpoints_add(endpoints, scheme, host, "documentation", url, start);
	return endpoints_add(
	    endpoints, scheme, host, NULL, endpoint_around(&endpoints->place, at), start);
}

/* "server HOST" of ntp.conf and chrony.conf, "list server 'HOST'" of OpenWrt. */
static enum status
read_time_servers(struct endpoints *endpoints)
{
	struct span content = endpoints->offer->content, rest = content, line, word;

	while (!endpoints->cut && line_next(&rest, &line)) {
		if (!word_next(&line, &word))
			continue;
		if (span_is(word, "list") && !word_next(&line, &word))
			continue;
		if (!span_is(word, "server") && !span_is(word, "pool") && !span_is(word, "peer"))
			continue;
		word_next(&line, &word);
		word = endpoint_host(span_unquote(word));
		if (word.size != 0)
			TRY(endpoints_add(
			    endpoints, "ntp", word, "time", word, (size_t)(word.at - content.at)));
	}
	return STATUS_OK;
}

static bool
is_of_time(const struct node *node)
{
	return strcmp(node->name, "ntp.conf") == 0 || strcmp(node->name, "chrony.conf") == 0 ||
	       text_ends_with(node->local, "/etc/config/system");
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct endpoints endpoints = {.job = job,
	    .offer = offer,
	    .evidence = evidence,
	    .place = endpoint_place_of(offer->content, offer->node->name)};

	(void)collection;
	for (size_t i = 0; i < offer->find_count && !endpoints.cut; i++) {
		if (offer->finds[i].sought == 0)
			TRY(read_url(&endpoints, offer->finds[i].at));
		else if (!endpoints.place.text)
			TRY(endpoints_read_string(&endpoints, offer->finds[i].at));
	}
	if (endpoints.place.text && is_of_time(offer->node))
		TRY(read_time_servers(&endpoints));
	else if (endpoints.place.text)
		TRY(endpoints_read_lines(&endpoints));
	return !endpoints.cut ? STATUS_OK
			      : evidence_looked(evidence, job, FACT_endpoint_reference, false,
				    "limit: more addresses in one file than are told", UNKNOWN);
}

/* A name ends there where a string, a line, a port or a path follows: fixed bytes are found for
 * less than a class of them. */
#define END(label)                                                                                 \
	{.expression = "\\." label "\\x00", .length = sizeof(label) + 1},                          \
	    {.expression = "\\." label "\\n", .length = sizeof(label) + 1},                        \
	    {.expression = "\\." label ":", .length = sizeof(label) + 1},                          \
	{                                                                                          \
		.expression = "\\." label "/", .length = sizeof(label) + 1                         \
	}

/* A number in the middle of an address: the last of its digits, behind those before. */
#define NUMBER(digits)                                                                             \
	{                                                                                          \
		.expression = "\\." digits "\\.", .length = sizeof(digits) + 1                     \
	}
#define NUMBERS(digits)                                                                            \
	NUMBER(digits "0"), NUMBER(digits "1"), NUMBER(digits "2"), NUMBER(digits "3"),            \
	    NUMBER(digits "4"), NUMBER(digits "5"), NUMBER(digits "6"), NUMBER(digits "7"),        \
	    NUMBER(digits "8"), NUMBER(digits "9")

/* An address by its scheme; then ends of names, and addresses, that may be a string by themselves.
 */
static const struct pattern seeks[] = {
    {.expression = "://", .length = 3},
    END("com"),
    END("net"),
    END("org"),
    END("xyz"),
    END("top"),
    END("vip"),
    END("icu"),
    END("biz"),
    END("info"),
    END("club"),
    END("mobi"),
    END("tech"),
    END("live"),
    END("cloud"),
    END("cn"),
    END("vn"),
    END("io"),
    END("us"),
    END("uk"),
    END("eu"),
    END("de"),
    END("fr"),
    END("ru"),
    END("hk"),
    END("tw"),
    END("jp"),
    END("kr"),
    END("sg"),
    END("th"),
    END("me"),
    END("tv"),
    END("co"),
    END("cc"),
    END("ai"),
    NUMBERS(""),
    NUMBERS("1"),
    NUMBERS("2"),
    NUMBERS("3"),
    NUMBERS("4"),
    NUMBERS("5"),
    NUMBERS("6"),
    NUMBERS("7"),
    NUMBERS("8"),
    NUMBERS("9"),
    NUMBERS("10"),
    NUMBERS("11"),
    NUMBERS("12"),
    NUMBERS("13"),
    NUMBERS("14"),
    NUMBERS("15"),
    NUMBERS("16"),
    NUMBERS("17"),
    NUMBERS("18"),
    NUMBERS("19"),
    NUMBERS("20"),
    NUMBERS("21"),
    NUMBERS("22"),
    NUMBERS("23"),
    NUMBERS("24"),
    NUMBERS("25"),
};
#undef END
#undef NUMBERS
#undef NUMBER

static const enum fact_kind looks_for[] = {FACT_endpoint_reference};

const struct collector collector_endpoint_reference = {
    .name = "endpoint_reference",
    .title = "hosts named in configurations, scripts and programs, and whose they are",
    .source = "RFC 3986; RFC 1123; ntp.conf(5); providers.def, names_only.def, top_labels.def",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
};
