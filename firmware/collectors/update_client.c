/* How a product asks for its updates: from where, whether it knows who answers, and when. */
#include "firmware/collectors/update_client.h"
#include "firmware/excerpt.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/endpoint.h"
#include "firmware/reading.h"

/* What is sought, in the order of `seeks`. */
enum sought {
	SOUGHT_URL,
	SOUGHT_COMMAND,
	SOUGHT_SWITCH,
	SOUGHT_NAME,
	SOUGHT_STRING,
	SOUGHT_INSTALLS
};

/* Programs made to fetch and install updates, by base name. */
static const struct {
	const char *name, *confidence;
} programs[] = {{"swupdate", "certain"}, {"mender", "certain"}, {"mender-update", "certain"},
    {"mender-client", "certain"}, {"rauc", "certain"}, {"rauc-hawkbit-updater", "certain"},
    {"rauc-hawkbit", "certain"}, {"fwupd", "likely"}, {"sysupgrade", "possible"},
    {"ostree", "likely"}, {"aktualizr", "certain"}, {"easycwmpd", "likely"}, {"cwmpd", "likely"},
    {"icwmpd", "likely"}, {"opkg", "possible"}, {"opkg-cl", "possible"}, {"ipkg", "possible"},
    {"apt-get", "possible"}, {"unattended-upgrade", "likely"}, {"apk", "possible"}};

#define ONE_THING 128 /* bytes of a file that may hold one setting, under any name */

static bool
is_program(const struct span head)
{
	return span_starts_with(head, "\177ELF", 4) || span_begins(head, "#!");
}

static bool
wants(const struct node *node, struct span head)
{
	static const char *const endings[] = {".conf", ".cfg", ".ini", ".json", ".sh", ".config",
	    ".yaml", ".yml", ".toml", ".properties", ".list", ".lua", ".py", ".php", ".sources",
	    ".service", ".timer", ".env", ".js"};

	if (node->type != NODE_FILE)
		return false;
	if (is_program(head) || text_ends_with(node->name, ".bin"))
		return true;
	if (!span_looks_like_text(head) && head.size != 0)
		return false;
	if (node->bytes <= ONE_THING)
		return true;
	if (strstr(node->local, "/etc/") != NULL || update_client_is_configuration(node) ||
	    update_client_is_schedule(node))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++)
		if (text_ends_with(node->name, endings[i]))
			return true;
	return false;
}

enum status
update_client_add(struct update_client *client, const char *name, const char *confidence,
    const char *words, struct span value, size_t offset)
{
	struct fact fact = fact_in(FACT_setting, client->offer->node, offset);
	const char *text = span_text(client->job, value);

	if (text != NULL)
		text = arena_printf(client->job, "%s%s%s", words,
		    words[0] != '\0' && text[0] != '\0' && !text_ends_with(words, "/") ? " " : "",
		    text);
	/* with the program before it: what its options mean, it says */
	text = text == NULL ? NULL : excerpt_value(client->job, span_of_string(text));
	if (text == NULL)
		return STATUS_LIMIT;
	for (size_t i = 0; i < client->count; i++)
		if (client->found[i].name == name && strcmp(client->found[i].value, text) == 0)
			return STATUS_OK;
	if (client->count == UPDATE_CLIENT_MAX_FACTS) {
		client->cut = true;
		return STATUS_OK;
	}
	client->found[client->count].name = name;
	client->found[client->count++].value = text;
	fact.as.setting.name = name;
	fact.as.setting.value = text;
	fact.as.setting.confidence = confidence;
	return evidence_add(client->evidence, client->job, &fact);
}

static bool
has_any(struct span bytes, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (endpoint_has_word(bytes, words[i]))
			return true;
	return false;
}

const char *
update_client_confidence(const struct update_client *client, size_t at)
{
	static const char *const strong[] = {"firmware", "upgrade", "/ota", "ota_", "_ota", "ota.",
	    "otaurl", "otaserver", "fwupdate", "fw_update", "swupdate", "hawkbit", "mender", ".swu",
	    ".raucb", "fw_url", "fwurl"};
	static const char *const other[] = {"dyndns", "ddns", "nsupdate", "dynupdate", "/nic/",
	    "inadyn", "ddclient", "updatedb", "update-rc", "update-alt", "sec-websocket",
	    "connection: upgrade", "upgrade-insecure"};
	struct span around = endpoint_around(&client->place, at);
	struct span name = span_of_string(client->offer->node->name);

	if (has_any(around, other, ARRAY_SIZE(other)) || has_any(name, other, ARRAY_SIZE(other)))
		return NULL;
	if (has_any(around, strong, ARRAY_SIZE(strong)) ||
	    has_any(name, strong, ARRAY_SIZE(strong)))
		return client->installs ? "certain" : "likely";
	if (endpoint_has_word(around, "update") || endpoint_has_word(name, "update"))
		return client->installs ? "likely" : "possible";
	return NULL;
}

enum status
update_client_verify(struct update_client *client, const char *words, size_t at)
{
	const char *confidence = update_client_confidence(client, at);

	return update_client_add(client, confidence == NULL ? CLIENT_VERIFY : UPDATE_VERIFY,
	    confidence, words, (struct span){0}, at);
}

/* A scheme by which no file is fetched: of names, time, relays and moving pictures. */
static bool
fetches_nothing(const char *scheme)
{
	static const char *const schemes[] = {
	    "udp", "ntp", "stun", "turn", "rtsp", "rtsps", "rtmp", "rtmps"};

	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (strcmp(scheme, schemes[i]) == 0)
			return true;
	return false;
}

/* A host of time or of names, which holds no files. */
static bool
serves_something_else(struct span host)
{
	const struct provider *provider = endpoint_provider(host);

	return provider != NULL && (strcmp(provider->purpose, "dynamic DNS") == 0 ||
				       strcmp(provider->purpose, "name resolution") == 0 ||
				       strcmp(provider->purpose, "time") == 0);
}

static enum status
read_url(struct update_client *client, size_t at)
{
	struct span content = client->offer->content, host, url;
	const char *scheme = endpoint_scheme_before(content, at), *confidence;
	size_t start;

	if (scheme == NULL || fetches_nothing(scheme) || endpoint_in_comment(&client->place, at))
		return STATUS_OK;
	start = at - strlen(scheme);
	url = endpoint_url(span_from(content, start));
	/* a variable for a host is known to be one: what matters is the scheme */
	host = endpoint_host(span_from(content, at + 3));
	if (url.size < strlen(scheme) + 5 || (host.size == 0 && url.at[strlen(scheme) + 3] != '$'))
		return STATUS_OK;
	if (host.size != 0 &&
	    (endpoint_is_name_only(host) || host.at + host.size > url.at + url.size ||
		endpoint_is_namespace(&client->place, start, url) ||
		endpoint_is_documentation(&client->place, start, host, url) ||
		serves_something_else(host)))
		return STATUS_OK;
	confidence = update_client_confidence(client, start);
	return confidence == NULL
		   ? STATUS_OK
		   : update_client_add(client, UPDATE_URL, confidence, "", url, start);
}

/* Does the file fetch an update from where a certificate could be verified? */
static bool
fetches_update(const struct update_client *client)
{
	for (size_t i = 0; i < client->count; i++)
		if (strcmp(client->found[i].name, UPDATE_URL) == 0 &&
		    text_starts_with(client->found[i].value, "https:"))
			return true;
	return false;
}

/* A switch need not stand beside the address it is for: one file, one client, perhaps. */
static enum status
add_switch(struct update_client *client, const char *words, size_t at)
{
	if (update_client_confidence(client, at) == NULL && fetches_update(client))
		return update_client_add(
		    client, UPDATE_VERIFY, "possible", words, (struct span){0}, at);
	return update_client_verify(client, words, at);
}

/* A switch in a program's text that turns verification off, at `at`. */
static enum status
read_switch(struct update_client *client, size_t at)
{
	static const struct {
		const char *words, *value, *told;
	} switches[] = {{"verify=False", "", "off: verify=False"},
	    {"verify = False", "", "off: verify = False"},
	    {"_create_unverified_context", "", "off: ssl._create_unverified_context"},
	    {"ssl.CERT_NONE", "", "off: ssl.CERT_NONE"},
	    {"SSL_VERIFYPEER", "0", "off: SSL_VERIFYPEER 0"},
	    {"SSL_VERIFYPEER", "false", "off: SSL_VERIFYPEER false"},
	    {"ssl_verifypeer", "false", "off: ssl_verifypeer false"},
	    {"rejectUnauthorized", "false", "off: rejectUnauthorized false"},
	    {"NODE_TLS_REJECT_UNAUTHORIZED", "0", "off: NODE_TLS_REJECT_UNAUTHORIZED 0"},
	    {"verify = \"none\"", "", "off: verify none"},
	    {"verify=\"none\"", "", "off: verify none"},
	    {"sslVerify", "false", "off: sslVerify false"}};
	struct span rest = span_part(client->offer->content, at,
	    client->offer->content.size - at < 96 ? client->offer->content.size - at : 96);

	if (!client->place.text || endpoint_in_comment(&client->place, at))
		return STATUS_OK;
	for (size_t i = 0; i < ARRAY_SIZE(switches); i++) {
		struct span value;

		if (!span_begins(rest, switches[i].words))
			continue;
		value = span_from(rest, strlen(switches[i].words));
		while (value.size != 0 && strchr(" \t,=:\"'>", value.at[0]) != NULL &&
		       value.at[0] != 0)
			value = span_from(value, 1);
		if (span_begins(value, switches[i].value))
			return add_switch(client, switches[i].told, at);
	}
	return STATUS_OK;
}

static enum status
read_program(struct update_client *client)
{
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		if (strcmp(client->offer->node->name, programs[i].name) == 0)
			return update_client_add(client, UPDATE_PROGRAM, programs[i].confidence,
			    programs[i].name, (struct span){0}, 0);
	return STATUS_OK;
}

static const struct pattern seeks[] = {
    {.expression = "://", .length = 3},
    {.expression = "(?:curl|wget) ", .length = 5},
    {.expression = "uclient-fetch ", .length = 14},
    {.expression = "s_client ", .length = 9},
    {.expression = "swupdate ", .length = 9},
    {.expression = "rauc install ", .length = 13},
    {.expression = "aria2c ", .length = 7},
    {.expression = "verify(?:=False|=\"none)", .length = 12},
    {.expression = "verify = (?:\"none|False)", .length = 14},
    {.expression = "_create_unverified_context", .length = 26},
    {.expression = "ssl\\.CERT_NONE", .length = 13},
    {.expression = "SSL_VERIFYPEER", .length = 14},
    {.expression = "ssl_verifypeer", .length = 14},
    {.expression = "rejectUnauthorized", .length = 18},
    {.expression = "NODE_TLS_REJECT_UNAUTHORIZED", .length = 28},
    {.expression = "sslVerify", .length = 9},
    {.expression = "firmware_", .length = 9, .caseless = true},
    {.expression = "upgrade_", .length = 8, .caseless = true},
    {.expression = "update_", .length = 7, .caseless = true},
    {.expression = "ota_", .length = 4, .caseless = true},
    {.expression = "\\x00upgrade\\.", .length = 9},
    {.expression = "\\x00firmware\\.", .length = 10},
    {.expression = "\\x00update\\.", .length = 8},
    {.expression = "\\x00ota\\.", .length = 5},
    {.expression = "sysupgrade", .length = 10},
    {.expression = "(?:flashcp |/dev/mtd|ubiupdat|fw_write|fw_updat)", .length = 8},
    {.expression = "mtd (?:write|updat)", .length = 9},
    {.expression = "(?:nandwrite|mtd -r wr)", .length = 9},
    {.expression = "opkg (?:install|upgrade)", .length = 12},
    {.expression = "rauc install", .length = 12},
    {.expression = "/dev/mmcblk", .length = 11},
    {.expression = "unzip -o", .length = 8},
    {.expression = "swupdate -", .length = 10},
};

static enum sought
what_is(uint32_t sought)
{
	return sought == 0    ? SOUGHT_URL
	       : sought <= 6  ? SOUGHT_COMMAND
	       : sought <= 15 ? SOUGHT_SWITCH
	       : sought <= 19 ? SOUGHT_NAME
	       : sought <= 23 ? SOUGHT_STRING
			      : SOUGHT_INSTALLS;
}

static enum status
read_finds(struct update_client *client)
{
	const struct offer *offer = client->offer;

	for (size_t i = 0; i < offer->find_count; i++)
		client->installs |= what_is(offer->finds[i].sought) == SOUGHT_INSTALLS;
	for (size_t i = 0; i < offer->find_count && !client->cut; i++) {
		size_t at = offer->finds[i].at;
		enum sought what = what_is(offer->finds[i].sought);

		if (what == SOUGHT_URL)
			TRY(read_url(client, at));
		else if (what == SOUGHT_COMMAND)
			TRY(update_client_read_command(client, at));
		else if (what == SOUGHT_NAME)
			TRY(update_client_read_named_host(client, at));
		else if (what == SOUGHT_STRING)
			TRY(update_client_read_string(client, at));
	}
	for (size_t i = 0; i < offer->find_count && !client->cut; i++)
		if (what_is(offer->finds[i].sought) == SOUGHT_SWITCH)
			TRY(read_switch(client, offer->finds[i].at));
	return STATUS_OK;
}

static enum status
collect(struct job *job, const struct collection *collection, const struct offer *offer,
    struct evidence *evidence)
{
	struct update_client client = {.job = job,
	    .offer = offer,
	    .evidence = evidence,
	    .place = endpoint_place_of(offer->content, offer->node->name)};

	(void)collection;
	if (update_client_is_configuration(offer->node))
		TRY(update_client_read_configuration(&client));
	else
		TRY(read_finds(&client));
	TRY(update_client_read_whole(&client));
	if (update_client_is_schedule(offer->node))
		TRY(update_client_read_schedule(&client));
	if (is_program(offer->content))
		TRY(read_program(&client));
	return !client.cut
		   ? STATUS_OK
		   : evidence_looked(evidence, job, FACT_setting, false,
			 "limit: more of an update client in one file than is told", UNKNOWN);
}

static const enum fact_kind looks_for[] = {FACT_setting};

const struct collector collector_update_client = {
    .name = "update_client",
    .title = "how the product asks for updates: from where, whether it verifies who answers, when",
    .source = "curl(1), wget(1), opkg, apt.conf(5), SWUpdate, RAUC, Mender and hawkBit client "
	      "documentation, Broadband Forum TR-069, stunnel(8), crontab(5), systemd.timer(5)",
    .looks_for = looks_for,
    .looks_for_count = ARRAY_SIZE(looks_for),
    .seeks = seeks,
    .seeks_count = ARRAY_SIZE(seeks),
    .wants = wants,
    .collect = collect,
};
