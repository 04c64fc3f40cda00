/* Programs made to update have a file that says from where, and whether they verify. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collectors/update_client.h"
#include "firmware/endpoint.h"
#include "firmware/reading.h"

#define MAX_LINES 4096

enum kind {
	NONE,
	OPKG,
	FEEDS,
	APT_SOURCES,
	APT_SETTINGS,
	MENDER,
	RAUC,
	HAWKBIT,
	SWUPDATE,
	CWMP,
	STUNNEL,
	CURL,
	WGET
};

static enum kind
kind_of(const struct node *node)
{
	static const struct {
		const char *name, *folder;
		enum kind kind;
	} files[] = {{"opkg.conf", "", OPKG}, {"ipkg.conf", "", OPKG},
	    {"distfeeds.conf", "/opkg/", FEEDS}, {"customfeeds.conf", "/opkg/", FEEDS},
	    {"repositories", "/etc/apk/", FEEDS}, {"sources.list", "/apt/", APT_SOURCES},
	    {"apt.conf", "", APT_SETTINGS}, {"mender.conf", "", MENDER},
	    {"system.conf", "/rauc/", RAUC}, {"config.conf", "hawkbit", HAWKBIT},
	    {"hawkbit.conf", "", HAWKBIT}, {"swupdate.cfg", "", SWUPDATE},
	    {"swupdate.conf", "", SWUPDATE}, {"easycwmp", "/etc/config/", CWMP},
	    {"cwmp", "/etc/config/", CWMP}, {"icwmp", "/etc/config/", CWMP},
	    {"tr069", "/etc/config/", CWMP}, {"stunnel.conf", "", STUNNEL}, {".curlrc", "", CURL},
	    {"curlrc", "", CURL}, {".wgetrc", "", WGET}, {"wgetrc", "", WGET}};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (strcmp(node->name, files[i].name) == 0 &&
		    strstr(node->local, files[i].folder) != NULL)
			return files[i].kind;
	if (strstr(node->local, "/apt/sources.list.d/") != NULL)
		return text_ends_with(node->name, ".list") || text_ends_with(node->name, ".sources")
			   ? APT_SOURCES
			   : NONE;
	return strstr(node->local, "/apt/apt.conf.d/") != NULL ? APT_SETTINGS : NONE;
}

bool
update_client_is_configuration(const struct node *node)
{
	return kind_of(node) != NONE;
}

/* One line: its words, without quotes and what stands between them. */
struct words {
	struct span at[8];
	size_t count;
	size_t offset; /* of the line */
};

static struct words
words_of(const struct update_client *client, struct span line)
{
	struct words words = {.offset = (size_t)(line.at - client->offer->content.at)};
	size_t end = 0;

	for (size_t start = 0; start < line.size && words.count < ARRAY_SIZE(words.at);
	     start = end + 1) {
		end = start;
		while (end < line.size && strchr(" \t\r=;,\"'{}", line.at[end]) == NULL)
			end++;
		if (end != start)
			words.at[words.count++] = span_part(line, start, end - start);
	}
	return words;
}

static bool
is_off(struct span value)
{
	static const char *const no[] = {"0", "no", "off", "false", "disabled"};

	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		if (span_is_word(value, no[i]))
			return true;
	return false;
}

static bool
is_on(struct span value)
{
	static const char *const yes[] = {"1", "yes", "on", "true", "enabled"};

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (span_is_word(value, yes[i]))
			return true;
	return false;
}

static enum status
add(struct update_client *client, const char *name, const char *confidence, const char *words,
    size_t offset)
{
	return update_client_add(client, name, confidence, words, (struct span){0}, offset);
}

static enum status
add_urls(struct update_client *client, const struct words *words, const char *confidence)
{
	for (size_t i = 0; i < words->count; i++)
		if (span_find(words->at[i], "://", 3, 0) != SIZE_MAX)
			TRY(update_client_add(client, UPDATE_URL, confidence, "",
			    endpoint_url(words->at[i]),
			    (size_t)(words->at[i].at - client->offer->content.at)));
	return STATUS_OK;
}

/* What one line of a file says; `seen` is kept from line to line. */
struct seen {
	bool feed, check, client, keyring, key, insecure_transport;
	size_t feed_at;
	struct span server;
	size_t server_at;
};

static enum status
read_opkg(struct update_client *client, const struct words *words, struct seen *seen)
{
	if (span_begins(words->at[0], "src") && words->count >= 3) {
		seen->feed_at = seen->feed ? seen->feed_at : words->offset;
		seen->feed = true;
		return add_urls(client, words, "possible");
	}
	if (span_is(words->at[0], "option") && words->count >= 2 &&
	    span_is(words->at[1], "check_signature")) {
		seen->check = words->count < 3 || !is_off(words->at[2]);
		return seen->check ? add(client, UPDATE_SIGNATURE, "likely",
					 "on: opkg check_signature", words->offset)
				   : add(client, UPDATE_SIGNATURE, "likely",
					 "off: opkg check_signature 0", words->offset);
	}
	return STATUS_OK;
}

static enum status
read_apt_sources(struct update_client *client, const struct words *words)
{
	bool one_line = span_is(words->at[0], "deb");

	for (size_t i = 0; i < words->count; i++)
		if ((endpoint_has_word(words->at[i], "trusted") && i + 1 < words->count &&
			(span_begins(words->at[i + 1], "yes"))))
			TRY(add(client, UPDATE_SIGNATURE, "likely", "off: apt trusted=yes",
			    words->offset));
	return one_line || span_is_word(words->at[0], "URIs:") ? add_urls(client, words, "possible")
							       : STATUS_OK;
}

static enum status
read_apt_settings(struct update_client *client, const struct words *words)
{
	struct span name = words->at[0], value = words->at[words->count - 1];

	if (words->count < 2)
		return STATUS_OK;
	if (endpoint_has_word(name, "https::verify-peer") && is_off(value))
		return add(client, UPDATE_VERIFY, "likely", "off: apt Verify-Peer", words->offset);
	if ((endpoint_has_word(name, "allowunauthenticated") ||
		endpoint_has_word(name, "allowinsecurerepositories")) &&
	    is_on(value))
		return add(client, UPDATE_SIGNATURE, "likely", "off: apt allows unsigned packages",
		    words->offset);
	if (endpoint_has_word(name, "apt::periodic::unattended-upgrade") ||
	    endpoint_has_word(name, "apt::periodic::update-package-lists"))
		return is_off(value) ? STATUS_OK
				     : update_client_add(client, UPDATE_SCHEDULE, "likely",
					   "apt, days between:", value, words->offset);
	return STATUS_OK;
}

static enum status
read_mender(struct update_client *client, const struct words *words, struct seen *seen)
{
	for (size_t i = 0; i + 1 < words->count; i++) {
		struct span name = words->at[i], value = words->at[i + 1];

		if (span_is(value, ":") && i + 2 < words->count)
			value = words->at[i + 2];
		if (span_is(name, "ServerURL"))
			TRY(add_urls(client, words, "certain"));
		if (span_is(name, "ServerCertificate"))
			TRY(update_client_add(
			    client, UPDATE_VERIFY, "certain", "pinned:", value, words->offset));
		if (endpoint_has_word(name, "skipverify") && (is_on(value)))
			TRY(add(client, UPDATE_VERIFY, "certain", "off: mender SkipVerify",
			    words->offset));
		if (span_begins(name, "ArtifactVerifyKey")) {
			seen->key = true;
			TRY(update_client_add(client, UPDATE_SIGNATURE, "certain",
			    "on: mender ArtifactVerifyKey", value, words->offset));
		}
		if (span_is(name, "UpdatePollIntervalSeconds"))
			TRY(update_client_add(client, UPDATE_SCHEDULE, "certain",
			    "mender, seconds between:", value, words->offset));
	}
	return STATUS_OK;
}

static enum status
read_rauc(struct update_client *client, const struct words *words, struct seen *seen)
{
	seen->client |= span_begins(words->at[0], "[system");
	if (span_begins(words->at[0], "["))
		seen->keyring = span_begins(words->at[0], "[keyring");
	if (seen->keyring && words->count >= 2 &&
	    (span_is(words->at[0], "path") || span_is(words->at[0], "directory"))) {
		seen->key = true;
		return update_client_add(client, UPDATE_SIGNATURE, "certain", "on: rauc keyring",
		    words->at[1], words->offset);
	}
	if (span_is(words->at[0], "tls-no-verify") && words->count >= 2 && is_on(words->at[1]))
		return add(
		    client, UPDATE_VERIFY, "certain", "off: rauc tls-no-verify", words->offset);
	return STATUS_OK;
}

static enum status
read_hawkbit(struct update_client *client, const struct words *words, struct seen *seen)
{
	if (words->count < 2)
		return STATUS_OK;
	if (span_is(words->at[0], "hawkbit_server")) {
		seen->server = words->at[1];
		seen->server_at = words->offset;
	}
	if (span_is(words->at[0], "ssl") && is_off(words->at[1]))
		seen->insecure_transport = true;
	if (span_is(words->at[0], "ssl_verify"))
		return is_off(words->at[1]) ? add(client, UPDATE_VERIFY, "certain",
						  "off: hawkbit ssl_verify", words->offset)
					    : add(client, UPDATE_VERIFY, "certain",
						  "on: hawkbit ssl_verify", words->offset);
	return STATUS_OK;
}

static enum status
read_swupdate(struct update_client *client, const struct words *words)
{
	if (words->count >= 2 &&
	    (span_is(words->at[0], "public-key-file") || span_is(words->at[0], "ca-path")))
		return update_client_add(client,
		    span_is(words->at[0], "ca-path") ? UPDATE_VERIFY : UPDATE_SIGNATURE, "certain",
		    span_is(words->at[0], "ca-path") ? "pinned:" : "on: swupdate public-key-file",
		    words->at[1], words->offset);
	if (words->count >= 2 && span_is(words->at[0], "nocheckcert") && is_on(words->at[1]))
		return add(
		    client, UPDATE_VERIFY, "certain", "off: swupdate nocheckcert", words->offset);
	if (words->count >= 2 && span_is(words->at[0], "polldelay"))
		return update_client_add(client, UPDATE_SCHEDULE, "certain",
		    "swupdate, seconds between:", words->at[1], words->offset);
	return span_is(words->at[0], "url") ? add_urls(client, words, "certain") : STATUS_OK;
}

static enum status
read_cwmp(struct update_client *client, const struct words *words)
{
	if (words->count < 3 || !span_is(words->at[0], "option"))
		return STATUS_OK;
	if (span_is(words->at[1], "ssl_verify") && is_off(words->at[2]))
		return add(client, UPDATE_VERIFY, "likely", "off: cwmp ssl_verify", words->offset);
	if (span_is(words->at[1], "insecure_enable") && is_on(words->at[2]))
		return add(
		    client, UPDATE_VERIFY, "likely", "off: cwmp insecure_enable", words->offset);
	if (span_is(words->at[1], "periodic_interval"))
		return update_client_add(client, UPDATE_SCHEDULE, "likely",
		    "cwmp, seconds between:", words->at[2], words->offset);
	return span_is(words->at[1], "url") ? add_urls(client, words, "likely") : STATUS_OK;
}

static enum status
read_stunnel(struct update_client *client, const struct words *words, struct seen *seen)
{
	if (words->count < 2)
		return STATUS_OK;
	if (span_is(words->at[0], "client"))
		seen->client = is_on(words->at[1]);
	if (seen->client &&
	    (span_is(words->at[0], "verify") || span_is(words->at[0], "verifyChain")) &&
	    is_off(words->at[1]))
		return add(client, CLIENT_VERIFY, NULL, "off: stunnel verify", words->offset);
	return STATUS_OK;
}

/* What holds for every fetch of these programs holds for that of an update, if they fetch it. */
static enum status
read_curl(struct update_client *client, const struct words *words)
{
	bool insecure = span_is(words->at[0], "insecure") || span_is(words->at[0], "--insecure") ||
			span_is(words->at[0], "-k");

	return insecure && (words->count < 2 || !is_off(words->at[1]))
		   ? add(client, UPDATE_VERIFY, "possible", "off: curlrc insecure", words->offset)
		   : STATUS_OK;
}

static enum status
read_wget(struct update_client *client, const struct words *words)
{
	bool check = span_is_word(words->at[0], "check_certificate") ||
		     span_is_word(words->at[0], "check-certificate") ||
		     span_is_word(words->at[0], "checkcertificate");

	return check && words->count >= 2 &&
		       (is_off(words->at[1]) || span_is_word(words->at[1], "quiet"))
		   ? add(client, UPDATE_VERIFY, "possible", "off: wgetrc check_certificate",
			 words->offset)
		   : STATUS_OK;
}

static enum status
read_line(
    struct update_client *client, enum kind kind, const struct words *words, struct seen *seen)
{
	switch (kind) {
	case OPKG:
		return read_opkg(client, words, seen);
	case FEEDS:
		return add_urls(client, words, "possible");
	case APT_SOURCES:
		return read_apt_sources(client, words);
	case APT_SETTINGS:
		return read_apt_settings(client, words);
	case MENDER:
		return read_mender(client, words, seen);
	case RAUC:
		return read_rauc(client, words, seen);
	case HAWKBIT:
		return read_hawkbit(client, words, seen);
	case SWUPDATE:
		return read_swupdate(client, words);
	case CWMP:
		return read_cwmp(client, words);
	case STUNNEL:
		return read_stunnel(client, words, seen);
	case CURL:
		return read_curl(client, words);
	case WGET:
		return read_wget(client, words);
	default:
		return STATUS_OK;
	}
}

/* What a file says by what is not in it. */
static enum status
read_end(struct update_client *client, enum kind kind, const struct seen *seen)
{
	if (kind == OPKG && seen->feed && !seen->check)
		return add(client, UPDATE_SIGNATURE, "likely", "off: opkg without check_signature",
		    seen->feed_at);
	if (kind == MENDER && !seen->key && client->count != 0)
		return add(client, UPDATE_SIGNATURE, "certain",
		    "off: mender without ArtifactVerifyKey", 0);
	if (kind != HAWKBIT || seen->server.size == 0)
		return STATUS_OK;
	return update_client_add(client, UPDATE_URL, "certain",
	    seen->insecure_transport ? "http://" : "https://", seen->server, seen->server_at);
}

enum status
update_client_read_configuration(struct update_client *client)
{
	enum kind kind = kind_of(client->offer->node);
	struct span rest = client->offer->content, line;
	struct seen seen = {0};

	for (int i = 0; i < MAX_LINES && line_next(&rest, &line); i++) {
		struct words words = words_of(client, line);
		uint8_t first = words.count == 0 ? '#' : words.at[0].at[0];

		if (first != '#' && first != ';' && !span_begins(words.at[0], "//"))
			TRY(read_line(client, kind, &words, &seen));
	}
	client->cut |= rest.size != 0;
	return read_end(client, kind, &seen);
}
