/* A product asks for updates by itself where something starts its client again and again. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collectors/update_client.h"
#include "firmware/endpoint.h"
#include "firmware/reading.h"

#define MAX_LINES 4096

bool
update_client_is_schedule(const struct node *node)
{
	return strstr(node->local, "/cron") != NULL || strstr(node->name, "cron") != NULL ||
	       text_ends_with(node->name, ".timer");
}

/* Does the line start something that updates the product, and not the time, a list or a name? */
static bool
starts_update(struct span line)
{
	static const char *const yes[] = {"upgrade", "firmware", "fwupdate", "swupdate", "mender",
	    "rauc", "hawkbit", "opkg", "apt-get", "apt.systemd", "/ota", "ota_", "_ota", "update"};
	static const char *const no[] = {"ddns", "dyndns", "updatedb", "update-mo", "ntpdate",
	    "update-ca", "clamav", "geoip", "update-rc", "blocklist", "adblock", "catalog"};

	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		if (endpoint_has_word(line, no[i]))
			return false;
	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (endpoint_has_word(line, yes[i]))
			return true;
	return false;
}

static const char *
confidence_of(struct span line)
{
	return endpoint_has_word(line, "upgrade") || endpoint_has_word(line, "firmware") ||
		       endpoint_has_word(line, "ota") || endpoint_has_word(line, "swupdate")
		   ? "likely"
		   : "possible";
}

/* "0 3 * * * COMMAND" or "@daily COMMAND". */
static bool
is_cron_line(struct span line)
{
	struct span word;

	if (span_begins(line, "@"))
		return true;
	for (int i = 0; i < 5; i++) {
		if (!word_next(&line, &word))
			return false;
		for (size_t k = 0; k < word.size; k++)
			if (strchr("0123456789*/,-", word.at[k]) == NULL)
				return false;
	}
	return true;
}

enum status
update_client_read_schedule(struct update_client *client)
{
	const struct node *node = client->offer->node;
	struct span rest = client->offer->content, line, name = span_of_string(node->name);
	bool timer = text_ends_with(node->name, ".timer");

	if (strstr(node->local, "/cron.daily/") != NULL ||
	    strstr(node->local, "/cron.hourly/") != NULL ||
	    strstr(node->local, "/cron.weekly/") != NULL)
		return starts_update(name) ? update_client_add(client, UPDATE_SCHEDULE,
						 confidence_of(name), "cron:", name, 0)
					   : STATUS_OK;
	if (timer && !starts_update(name))
		return STATUS_OK;
	for (int i = 0; i < MAX_LINES && line_next(&rest, &line); i++) {
		size_t offset = (size_t)(line.at - client->offer->content.at);

		line = span_trim(line);
		if (timer ? span_begins(line, "On") : is_cron_line(line) && starts_update(line))
			TRY(update_client_add(client, UPDATE_SCHEDULE,
			    confidence_of(timer ? name : line), timer ? "timer:" : "cron:", line,
			    offset));
	}
	client->cut |= rest.size != 0;
	return STATUS_OK;
}
