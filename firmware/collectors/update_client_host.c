/* Where updates come from is often a host alone, in a setting, a string or a file of its own. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "firmware/collectors/update_client.h"
#include "firmware/endpoint.h"
#include "firmware/reading.h"

#define MAX_NAME ((size_t)64)
#define MAX_WHOLE ((size_t)128)

static bool
is_name_byte(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.';
}

/* The run of bytes that names and hosts are made of, at the start of `rest`. */
static struct span
run_of(struct span rest)
{
	size_t size = 0;

	while (size < rest.size && size < ENDPOINT_MAX_HOST && is_name_byte(rest.at[size]))
		size++;
	return span_part(rest, 0, size);
}

static bool
names_a_host(struct span name)
{
	return endpoint_has_word(name, "server") || endpoint_has_word(name, "host") ||
	       endpoint_has_word(name, "domain") || endpoint_has_word(name, "addr");
}

static enum status
add_host(struct update_client *client, struct span host, bool told)
{
	if (!endpoint_is_bare_host(host, told))
		return STATUS_OK;
	return update_client_add(
	    client, UPDATE_HOST, "likely", "", host, (size_t)(host.at - client->offer->content.at));
}

enum status
update_client_read_named_host(struct update_client *client, size_t at)
{
	struct span rest = span_from(client->offer->content, at), name = run_of(rest);
	size_t gap = 0;

	if (!client->place.text || name.size > MAX_NAME || !names_a_host(name) ||
	    endpoint_in_comment(&client->place, at))
		return STATUS_OK;
	rest = span_from(rest, name.size);
	while (gap < rest.size && gap < 6 && memchr("\"'=: \t", rest.at[gap], 6) != NULL)
		gap++;
	return gap == 0 ? STATUS_OK : add_host(client, run_of(span_from(rest, gap)), true);
}

/* The zero before a string that begins as hosts of updates do is at `at`. */
enum status
update_client_read_string(struct update_client *client, size_t at)
{
	struct span host = run_of(span_from(client->offer->content, at + 1));
	size_t end = at + 1 + host.size;

	if (client->place.text || end >= client->offer->content.size ||
	    client->offer->content.at[end] != 0)
		return STATUS_OK;
	return add_host(client, host, false);
}

enum status
update_client_read_whole(struct update_client *client)
{
	struct span name = span_of_string(client->offer->node->name), host;

	if (client->offer->content.size > MAX_WHOLE || !client->place.text || !names_a_host(name) ||
	    !(endpoint_has_word(name, "firmware") || endpoint_has_word(name, "upgrade") ||
		endpoint_has_word(name, "update") || endpoint_has_word(name, "ota_")))
		return STATUS_OK;
	host = run_of(span_trim(client->offer->content));
	return add_host(client, host, true);
}
